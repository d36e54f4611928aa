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
        GrantRecord[] grants = [.. plan.Programs.SelectMany(program => program.Grants).SelectMany(Records)];
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
            StopsName = plan.Stops?.Object ?? 0,
            StopsCore = plan.Stops?.Peer ?? 0,
            StopsCount = plan.Stops?.Count ?? 0,
        };
        List<byte> table = [.. BytesOf(header)];
        uint first = 0;
        foreach (PlannedProgram program in plan.Programs)
        {
            table.AddRange(BytesOf(Record(program, (uint)positionOf(program.Description.Image.Value), first)));
            first += (uint)program.RecordCount;
        }

        table.AddRange(grants.SelectMany(BytesOf));
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
            GrantCount = (ushort)program.RecordCount,
            NodeBits = (byte)program.NodeBits,
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

    // The first slot of many ends is their notification's, which comes with the first of them.
    private static IEnumerable<GrantRecord> Records(PlannedGrant grant) => grant.Gift.Parts.Count == 0
        ? [Record(grant)]
        : grant.Gift.Parts.Select(part => Record(grant) with
        {
            Rights = part.First == 0 ? grant.Gift.Rights : (byte)0,
            Count = (ushort)part.Count,
            Slot = grant.Slot + 1 + part.First,
            Object = part.Object,
            Peer = part.Peer,
            Argument = grant.Gift.Argument + (part.First * ProgramInformation.ManyChannelsStride),
        });

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
