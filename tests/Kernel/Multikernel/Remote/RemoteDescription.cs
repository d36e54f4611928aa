using Atoll.Arch;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What is under way on a simulated core, in words.</summary>
internal static unsafe class RemoteDescription
{
    /// <summary>All records that are not free.</summary>
    public static string Of(RemotePrograms programs)
    {
        ref RemoteState remote = ref programs.Remote;
        List<string> records = [];
        for (uint number = 0; number < remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref remote.Exports[number];
            string way = entry.Way == CrossingWay.Passed ? $" of {entry.HomeNumber} at {entry.Giver}" : entry.Way == CrossingWay.Giver ? $" that {entry.HomeNumber} is" : "";
            records.Add($"export {number} {entry.State} owes {entry.Owes} to {entry.Peer}{way}{(entry.IsListed ? " listed" : "")}");
        }

        for (uint number = 0; number < remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref remote.Imports[number];
            records.Add($"import {number} {entry.State} owes {entry.Owes} of {entry.HomeNumber} at {entry.Peer}{(entry.IsListed ? " listed" : "")}");
        }

        for (ulong left = remote.Calls.Taken; left != 0;)
        {
            ref AwaitedCall call = ref remote.Calls[CallTable<AwaitedCall>.Next(ref left)];
            records.Add($"call {call.State} of {call.Call.HomeNumber} at {call.Peer}");
        }

        for (ulong left = remote.Callers.Taken; left != 0;)
        {
            ref ForeignCaller caller = ref remote.Callers[CallTable<ForeignCaller>.Next(ref left)];
            records.Add($"caller {caller.Number} of {caller.Peer} {caller.Thread.State}");
        }

        for (uint number = 0; number < programs.Channels.Table.Used; number++)
        {
            ref ChannelEntry end = ref programs.Channels.Table[number];
            records.Add($"end {number} {end.State} owes {end.Owes} to {end.Peer}, gives {end.Passing}");
        }

        for (uint position = 0; position < programs.Member.State->LinkCount; position++)
        {
            ref LinkEntry link = ref programs.Member.State->Map.Link(position);
            records.Add($"link {position} to {link.Link.Peer} {link.Link.State}{(link.OwesRelease ? $" released, of {link.ReleasedPeer}, held back {link.IsHeldBack}" : "")}"
                + $"{(programs.Member.IsAlive && link.Link.HasNews<CoherentMemory>() ? " has news" : "")}{(link.AwaitsPass ? " awaits pass" : "")}");
        }

        return $"{programs.Member.Activity}, hung {programs.Member.IsHung}, channels owe {programs.Channels.Table.OwesAnything}, work {remote.HasWork}, room {remote.AwaitsRoom}, revokes {programs.HasRevoked}: "
            + string.Join(", ", records.Where(record => !record.Contains("None owes None", StringComparison.Ordinal)));
    }
}
