using System.Globalization;
using Atoll.Abi;
using Atoll.Cli.Systems;
using Atoll.Linker.Manifests;

namespace Atoll.Cli.Terminal;

/// <summary>Tells who holds what in a system, for people.</summary>
public static class SystemText
{
    /// <summary>The description, line by line: programs by core, each with what it gets, where, and what it does not get and why.</summary>
    /// <param name="plan">The system.</param>
    /// <param name="bundle">Its bundle, as the person names it.</param>
    /// <param name="bundleBytes">Bytes of the bundle.</param>
    public static IEnumerable<string> Lines(SystemPlan plan, string bundle, long bundleBytes)
    {
        SystemDescription system = plan.Description;
        yield return $"{system.Name}: {system.Description}";
        yield return $"{system.Cores} cores, {system.GrantMiB} MiB for the programs of each, {plan.ChannelCount} channels";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{bundle}: {bundleBytes / (long)ImageLayout.PageSizeBytes} pages of at most {SystemBundle.PagesMax}");
        foreach (IGrouping<int?, PlannedProgram> core in plan.Programs.GroupBy(program => program.Description.Core.Value).OrderBy(core => core.Key ?? -1))
        {
            yield return "";
            yield return core.Key is { } number ? $"core {number}" : "every core";
            foreach (string line in core.SelectMany(program => Program(plan, program)))
            {
                yield return line;
            }
        }

        foreach (RegionDescription region in system.Regions)
        {
            yield return "";
            string users = string.Join(", ", plan.Programs
                .Where(program => program.Description.Given.OfType<GivenRegion>().Any(given => given.Region.Value == region.Name))
                .Select(program => program.Description.Name));
            yield return $"region {region.Name}: {region.Bytes / 1024} KiB, pages of {(1 << region.PageBits) / 1024} KiB, of {users}";
        }
    }

    /// <summary>When a program is started again, in words.</summary>
    public static string Restart(ProgramDescription program) => program.Restart == RestartPolicy.OnFault
        ? $"restarted on a fault, {program.RestartsMax} times in {program.RestartWindowSeconds} s"
        : "never restarted";

    private static IEnumerable<string> Program(SystemPlan plan, PlannedProgram program)
    {
        ProgramDescription description = program.Description;
        string image = description.Image.Value == description.Name ? "" : $" (image {description.Image.Value})";
        string time = description.BudgetMicroseconds == description.PeriodMicroseconds
            ? $"turns of {description.PeriodMicroseconds} us"
            : $"{description.BudgetMicroseconds} of each {description.PeriodMicroseconds} us";
        string watcher = program.FaultsTo is { } index ? plan.Programs[index].Description.Name : ChannelEnd.Init;
        yield return $"  {description.Name}{image}: priority {description.Priority}, {time}, {Restart(description)}, faults to {watcher}";
        yield return $"    memory     {(1UL << program.MemoryBits) / 1024} KiB, of which {(program.Memory.UsedBytes + 1023) / 1024} are made something of";
        if (description.Arguments.Length > 0)
        {
            yield return $"    arguments  {description.Arguments}";
        }

        foreach (PlannedGrant grant in program.Grants)
        {
            string spoken = NeedKinds.HasProtocol(grant.Kind) ? $" ({grant.Need.Protocol} {grant.Need.Version})" : "";
            yield return $"    slot {grant.Slot,2}    {grant.Need.Name} = {NeedKinds.WordOf(grant.Kind)}{spoken}: {grant.Gift.Text}";
        }

        foreach (UnmetNeed unmet in program.NotGiven)
        {
            yield return $"    not given  {unmet.Need.Name} = {NeedKinds.WordOf(unmet.Need.Kind)}: optional, and {unmet.Why}";
        }
    }
}
