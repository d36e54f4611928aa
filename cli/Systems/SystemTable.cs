using System.Runtime.InteropServices;
using System.Text;
using Atoll.Abi;

namespace Atoll.Cli.Systems;

/// <summary>Writes what Init reads: <see cref="SystemHeader"/>, programs, grants, regions.</summary>
public static class SystemTable
{
    /// <summary>Writes it.</summary>
    /// <param name="plan">A system without mistakes.</param>
    /// <param name="positionOf">Position of an image in the bundle.</param>
    public static byte[] Write(SystemPlan plan, Func<string, int> positionOf)
    {
        SystemDescription system = plan.Description;
        PlannedGrant[] grants = [.. plan.Programs.SelectMany(program => program.Grants)];
        SystemHeader header = new()
        {
            Magic = SystemHeader.MagicValue,
            Version = SystemHeader.VersionValue,
            ProgramCount = (uint)plan.Programs.Count,
            GrantCount = (uint)grants.Length,
            ChannelCount = plan.ChannelCount,
            RegionCount = (uint)system.Regions.Count,
            Cores = (uint)system.Cores,
            Name = NameOf(system.Name),
        };
        List<byte> table = [.. BytesOf(header)];
        uint first = 0;
        foreach (PlannedProgram program in plan.Programs)
        {
            table.AddRange(BytesOf(Record(program, (uint)positionOf(program.Description.Image.Value), first)));
            first += (uint)program.Grants.Count;
        }

        table.AddRange(grants.SelectMany(grant => BytesOf(Record(grant))));
        table.AddRange(system.Regions.SelectMany(region =>
            BytesOf(new RegionRecord { Bytes = region.Bytes, PageBits = region.PageBits })));
        return [.. table];
    }

    private static ProgramRecord Record(PlannedProgram program, uint image, uint firstGrant)
    {
        ProgramDescription description = program.Description;
        ProgramRecord record = new()
        {
            Name = NameOf(description.Name),
            Image = image,
            Core = (uint?)description.Core.Value ?? ProgramRecord.EveryCore,
            FirstGrant = firstGrant,
            GrantCount = (uint)program.Grants.Count,
            BudgetMicroseconds = description.BudgetMicroseconds,
            PeriodMicroseconds = description.PeriodMicroseconds,
            StackBytes = program.Image.Manifest.StackBytes,
            FaultsTo = (uint?)program.FaultsTo ?? SystemHeader.None,
            RestartsMax = description.RestartsMax,
            RestartWindowSeconds = description.RestartWindowSeconds,
            Priority = description.Priority,
            Restart = description.Restart,
            MemoryBits = (byte)program.MemoryBits,
            Replies = (byte)program.Image.Manifest.Replies,
        };
        record.ArgumentBytes = (uint)Encoding.UTF8.GetBytes(description.Arguments, record.Arguments);
        return record;
    }

    private static GrantRecord Record(PlannedGrant grant) => new()
    {
        Name = NameOf(grant.Need.Name),
        Kind = grant.Kind,
        Rights = grant.Gift.Rights,
        Slot = grant.Slot,
        Object = grant.Gift.Object,
        Peer = grant.Gift.Peer,
        Badge = grant.Gift.Badge,
        Argument = grant.Gift.Argument,
    };

    private static ProgramName NameOf(string text)
    {
        ProgramName name = default;
        Encoding.UTF8.GetBytes(text, name);
        return name;
    }

    private static byte[] BytesOf<T>(T value) where T : struct => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
