using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What holds when nothing is under way any more: homes and holders agree, every place is there, every signal and every call has come to its end.</summary>
internal sealed unsafe class RemoteAgreement(RemoteCores cores, CallLedger calls)
{
    /// <summary>Every call has one outcome, and of none a record is left.</summary>
    public void AssertCallsEnded()
    {
        calls.AssertSentWasReceived();
        foreach (RemotePrograms programs in cores.Honest())
        {
            programs.Calls.AssertEnded();
            Assert.True(
                programs.Calls.HasEnded, $"servers answer all, and a call of core {programs.Member.Number} has no outcome: {RemoteDescription.Of(programs)}");
            Assert.True(
                programs.Remote.Callers.Taken == 0 && !HasCalls(programs),
                $"no call is under way, and core {programs.Member.Number} keeps records {programs.Remote.Calls.Taken:x} of calls and {programs.Remote.Callers.Taken:x} of callers");
        }
    }

    /// <summary>Every live capability has a live entry at home, and every entry a holder.</summary>
    public void AssertAgree()
    {
        foreach (RemotePrograms programs in cores.Honest())
        {
            uint unanswered = (uint)programs.Remote.Unanswered;
            Assert.True(unanswered == 0 || cores.Hostile is not null, $"core {programs.Member.Number} had no room for {unanswered} offers");
            for (uint number = 0; number < programs.Remote.Exports.Used; number++)
            {
                AssertHasHolder(programs, number);
            }

            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                AssertHasHome(programs, number);
            }

            foreach (SimulatedEnd end in programs.Channels.Ends)
            {
                AssertMayGive(programs, end.Number);
                AssertCreditsAgree(programs, end.Number);
            }
        }
    }

    /// <summary>Where nothing is taken back, all that was given came, but for what homes have refused for want of room.</summary>
    public void AssertAllCame(GrantOrder order)
    {
        int missing = 0;
        ulong refused = 0;
        foreach (RemotePrograms programs in cores.Living())
        {
            refused += programs.Remote.Refused;
            foreach (SimulatedEnd end in programs.Channels.Ends)
            {
                ref ChannelEntry entry = ref programs.Channels.Table[end.Number];
                missing += entry.State != ChannelState.Open
                    ? 0 : order.Missing(in entry, programs.Member.Number, end.Number, cores[entry.Peer].Channels.Table[entry.PeerNumber].Arrived);
            }
        }

        Assert.True(missing <= (int)refused, $"nobody took anything back, homes have refused {refused}, and {missing} of what was given never came");
    }

    /// <summary>Nobody has been signalled.</summary>
    public static void ClearSignals(RemotePrograms programs)
    {
        for (uint index = 1; index < RemotePrograms.Kinds; index += 4)
        {
            programs.NotificationOf(index)->Pending = 0;
        }
    }

    /// <summary>Whoever holds a notification has signalled it: it was heard.</summary>
    public void AssertEverySignalCame()
    {
        foreach (RemotePrograms home in cores.Honest())
        {
            for (uint number = 0; number < home.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref home.Remote.Exports[number];
                bool isSignalled = entry.State == CrossingState.Held && !cores.IsHostile(entry.Peer) && entry.Slot.Type == CapabilityType.Notification
                    && (entry.Slot.Rights & CapabilityRights.Write) != 0 && IsTaken(cores[entry.Peer], home.Member.Number, number);
                Assert.True(
                    !isSignalled || (((Notification*)entry.Slot.Object)->Pending & RemotePrograms.Bit) != 0,
                    $"core {entry.Peer} has signalled export {number} of core {home.Member.Number}, which has heard nothing");
            }
        }
    }

    /// <summary>Whoever holds a thread has asked it: it shows that.</summary>
    public void AssertThreadsWereAsked()
    {
        foreach (RemotePrograms home in cores.Honest())
        {
            for (uint number = 0; number < home.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref home.Remote.Exports[number];
                bool isAsked = entry.State == CrossingState.Held && !cores.IsHostile(entry.Peer) && entry.Slot.Type == CapabilityType.Thread
                    && CallRights.Suffice(entry.Slot.Rights, isCall: true) && IsTaken(cores[entry.Peer], home.Member.Number, number);
                Assert.True(
                    !isAsked || home.Controlled.HasMark, $"core {entry.Peer} has asked the thread of core {home.Member.Number}, and it does not show");
            }
        }
    }

    /// <summary>Only what it holds with the right to signal can a hostile kernel have signalled.</summary>
    public void AssertNoSignalIsForged(uint hostile)
    {
        foreach (RemotePrograms home in cores.Honest())
        {
            HashSet<ulong> may = [];
            for (uint number = 0; number < home.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref home.Remote.Exports[number];
                if (entry.State == CrossingState.Held && entry.Peer == hostile && (entry.Slot.Rights & CapabilityRights.Write) != 0)
                {
                    may.Add(entry.Slot.Object);
                }
            }

            for (uint index = 1; index < RemotePrograms.Kinds; index += 4)
            {
                Notification* notification = home.NotificationOf(index);
                Assert.True(
                    notification->Pending == 0 || may.Contains((ulong)notification),
                    $"core {hostile} has signalled notification {index} of core {home.Member.Number}, which it does not hold");
            }
        }
    }

    /// <summary>All is given up: no record is left, and every one that there was can be taken, once.</summary>
    /// <remarks>It takes them all: the last look. A hostile kernel need not answer, so what it was asked of may stay.</remarks>
    public void AssertAllRoomIsBack()
    {
        foreach (RemotePrograms programs in cores.Honest())
        {
            ref RemoteState remote = ref programs.Remote;
            if (cores.Hostile is not null)
            {
                AssertOnlyOfHostile(programs);
                continue;
            }

            Assert.True(
                remote.Exports.Count == 0 && remote.Imports.Count == 0,
                $"all is given up, and core {programs.Member.Number} keeps records: {RemoteDescription.Of(programs)}");
            Assert.Equal((remote.Exports.Capacity, remote.Imports.Capacity), (Drain(ref remote.Exports), Drain(ref remote.Imports)));
        }
    }

    private void AssertOnlyOfHostile(RemotePrograms programs)
    {
        for (uint number = 0; number < programs.Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref programs.Remote.Exports[number];
            Assert.True(entry.State == CrossingState.None || cores.IsHostile(entry.Peer) || cores.IsHostile(entry.Giver), $"export {number} is kept: {RemoteDescription.Of(programs)}");
        }

        for (uint number = 0; number < programs.Remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref programs.Remote.Imports[number];
            Assert.True(entry.State == CrossingState.None || cores.IsHostile(entry.Peer), $"import {number} is kept: {RemoteDescription.Of(programs)}");
        }
    }

    private static uint Drain(ref CrossingTable table)
    {
        HashSet<uint> numbers = [];
        while (numbers.Count <= table.Capacity && table.TryTake(out uint number))
        {
            Assert.True(numbers.Add(number), $"record {number} is free twice");
        }

        return (uint)numbers.Count;
    }

    private bool HasCalls(RemotePrograms programs)
    {
        bool has = false;
        for (ulong left = programs.Remote.Calls.Taken; left != 0;)
        {
            has |= !cores.IsHostile(programs.Remote.Calls[CallTable<AwaitedCall>.Next(ref left)].Peer);
        }

        return has;
    }

    private void AssertHasHolder(RemotePrograms programs, uint number)
    {
        uint core = programs.Member.Number;
        ref CrossingEntry entry = ref programs.Remote.Exports[number];
        if (entry.State == CrossingState.None || cores.IsHostile(entry.Peer))
        {
            return;
        }

        Assert.True(entry.State == CrossingState.Held, $"export {number} of core {core} is {entry.State}");
        Assert.True(cores[entry.Peer].Member.IsAlive, $"export {number} of core {core} is held by core {entry.Peer}, which is dead");
        if (entry.Way == CrossingWay.Giver)
        {
            int given = CountPassed(cores[entry.Peer], core, number);
            Assert.True(given == 1, $"export {number} of core {core} is an object of core {entry.Peer}, which has recorded it {given} times");
            return;
        }

        int holders = CountImports(cores[entry.Peer], core, number);
        Assert.True(holders == 1, $"export {number} of core {core} is held by core {entry.Peer}, which has it {holders} times");
    }

    private static int CountImports(RemotePrograms programs, uint home, uint homeNumber)
    {
        int count = 0;
        for (uint number = 0; number < programs.Remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref programs.Remote.Imports[number];
            count += entry.State is CrossingState.Held or CrossingState.Arrived && entry.Peer == home && entry.HomeNumber == homeNumber ? 1 : 0;
        }

        return count;
    }

    private static int CountPassed(RemotePrograms home, uint giver, uint giverNumber)
    {
        int count = 0;
        for (uint number = 0; number < home.Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref home.Remote.Exports[number];
            count += entry.State == CrossingState.Held && entry.Way == CrossingWay.Passed && entry.Giver == giver && entry.HomeNumber == giverNumber ? 1 : 0;
        }

        return count;
    }

    private void AssertHasHome(RemotePrograms programs, uint number)
    {
        ref CrossingEntry entry = ref programs.Remote.Imports[number];
        string where = $"import {number} of core {programs.Member.Number}";
        if (entry.State == CrossingState.None)
        {
            return;
        }

        Assert.True(entry.State is CrossingState.Held or CrossingState.Arrived, $"{where} is {entry.State}");
        Assert.True(entry.State != CrossingState.Held || entry.Slot.HasChildren, $"nobody has {where}");
        if (entry.Peer == programs.Member.Number || cores.IsHostile(entry.Peer))
        {
            return;
        }

        Assert.True(cores[entry.Peer].Member.IsAlive, $"{where} is of core {entry.Peer}, which is dead");
        ref CrossingEntry export = ref cores[entry.Peer].Remote.Exports[entry.HomeNumber];
        Assert.True(
            export.State == CrossingState.Held && export.Peer == programs.Member.Number && export.Slot.Rights == entry.Slot.Rights,
            $"{where} is of export {entry.HomeNumber} of core {entry.Peer}, which is {export.State} and held by {export.Peer}");
    }

    // An end waits for nothing that will never come. A hostile kernel need not answer.
    private void AssertMayGive(RemotePrograms programs, uint number)
    {
        ref ChannelEntry end = ref programs.Channels.Table[number];
        if (end.State != ChannelState.Open || end.Passing == 0 || cores.Hostile is not null)
        {
            return;
        }

        bool isOnItsWay = end.Passing <= programs.Remote.Exports.Used && programs.Remote.Exports[end.Passing - 1] is { State: CrossingState.Held, Way: CrossingWay.Giver } export
            && export.Channel == number && export.Epoch == end.Epoch;
        Assert.True(isOnItsWay, $"end {number} of core {programs.Member.Number} gives nothing more, for export {end.Passing - 1}: {RemoteDescription.Of(programs)}");
    }

    // What was given and not taken waits at the other end.
    private void AssertCreditsAgree(RemotePrograms programs, uint number)
    {
        ref ChannelEntry entry = ref programs.Channels.Table[number];
        if (entry.State != ChannelState.Open || cores.IsHostile(entry.Peer) || IsHeldUp(programs, in entry))
        {
            return;
        }

        ref ChannelEntry other = ref cores[entry.Peer].Channels.Table[entry.PeerNumber];
        Assert.True(
            entry.Given == other.Arrived, $"end {number} of core {programs.Member.Number} has given {entry.Given}, and {other.Arrived} wait at the other end");
    }

    // What a hostile home was asked to offer comes when it likes.
    private bool IsHeldUp(RemotePrograms programs, ref readonly ChannelEntry end) =>
        end.Passing != 0 && end.Passing <= programs.Remote.Exports.Used && programs.Remote.Exports[end.Passing - 1].Way == CrossingWay.Giver
        && cores.IsHostile(programs.Remote.Exports[end.Passing - 1].Peer);

    // A holder that gave it on, and deleted its own, has nothing to signal by.
    private static bool IsTaken(RemotePrograms programs, uint home, uint homeNumber)
    {
        for (uint index = 0; index < RemotePrograms.Slots; index++)
        {
            ref CapabilitySlot slot = ref programs.Slot(index).Value;
            if (slot.Type == CapabilityType.Remote && (slot.Rights & CapabilityRights.Write) != 0
                && programs.Remote.Imports[(uint)slot.Object] is { State: CrossingState.Held } import && import.Peer == home && import.HomeNumber == homeNumber)
            {
                return true;
            }
        }

        return false;
    }
}
