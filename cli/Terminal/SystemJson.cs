using System.Text.Encodings.Web;
using System.Text.Json;
using Atoll.Cli.Systems;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Terminal;

/// <summary>Who holds what in a system, for programs: one JSON object. Keys are those of docs/systems.md.</summary>
public static class SystemJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the object.</summary>
    /// <param name="plan">The system.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="bundleBytes">Bytes of the bundle.</param>
    public static string Of(SystemPlan plan, string bundle, long bundleBytes) => JsonSerializer.Serialize(
        new
        {
            plan.Description.Name,
            plan.Description.Description,
            plan.Description.Cores,
            GrantMib = plan.Description.GrantMiB,
            Channels = plan.ChannelCount,
            Bundle = new { File = bundle, Bytes = bundleBytes },
            Programs = plan.Programs.Select(program => Program(plan, program)),
            Regions = plan.Description.Regions.Select(region => new { region.Name, region.Bytes, PageBytes = 1 << region.PageBits }),
        },
        s_options);

    private static object Program(SystemPlan plan, PlannedProgram program) => new
    {
        program.Description.Name,
        Image = program.Description.Image.Value,
        // Null: every core.
        Core = program.Description.Core.Value,
        program.Description.Priority,
        program.Description.BudgetMicroseconds,
        program.Description.PeriodMicroseconds,
        Restart = program.Description.Restart == Abi.RestartPolicy.OnFault ? "on-fault" : "never",
        program.Description.RestartsMax,
        program.Description.RestartWindowSeconds,
        FaultsTo = program.FaultsTo is { } watcher ? plan.Programs[watcher].Description.Name : ChannelEnd.Init,
        program.Description.Arguments,
        program.Image.Manifest.StackBytes,
        program.Image.Manifest.Replies,
        MemoryBytes = 1UL << program.MemoryBits,
        MemoryUsedBytes = program.Memory.UsedBytes,
        Grants = program.Grants.Select(grant => new
        {
            grant.Need.Name,
            Kind = NeedKinds.WordOf(grant.Kind),
            grant.Need.Protocol,
            ProtocolVersion = grant.Need.Version,
            grant.Slot,
            What = grant.Gift.Text,
            grant.Gift.Object,
            grant.Gift.Badge,
            grant.Gift.Argument,
        }),
        NotGiven = program.NotGiven.Select(unmet => new { unmet.Need.Name, Kind = NeedKinds.WordOf(unmet.Need.Kind), unmet.Why }),
    };
}
