using Atoll.Abi;
using Atoll.Cap;
using Atoll.Instance;
using Atoll.Links;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What holds at every moment, whatever is under way: the first of the seven invariants (docs/remote-capabilities.md), and that nobody has what was the dead's.</summary>
internal sealed unsafe class RemoteInvariants(RemoteCores cores)
{
    /// <summary>A revoke was answered: nobody can use it any more.</summary>
    public void AssertNobodyHolds(RemotePrograms home, uint index)
    {
        AssertHomesKnow();
        if (index == RemotePrograms.OwnUntyped && !cores.IsHostile(home.Member.Number))
        {
            AssertNobodyHasOf(home);
        }

        if (index >= RemotePrograms.Kinds || index % 2 != 0 || cores.IsHostile(home.Member.Number))
        {
            return;
        }

        ulong frame = home.FrameOf(index);
        foreach (RemotePrograms programs in cores.Honest())
        {
            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Imports[number];
                bool isHeld = entry.State != CrossingState.None && entry.Slot.Type == CapabilityType.Frame && entry.Slot.Object == frame;
                Assert.False(
                    isHeld && !cores.IsHostile(entry.Peer),
                    $"core {home.Member.Number} was told that frame {index} is revoked; core {programs.Member.Number} has it in import {number}, {entry.State}");
            }
        }
    }

    /// <summary>Whoever has an untyped uses it without asking: two would make the same frames of it.</summary>
    public static void AssertIsHeldOnce(RemotePrograms home)
    {
        int holders = 0;
        for (uint number = 0; number < home.Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref home.Remote.Exports[number];
            holders += entry.State is CrossingState.Held or CrossingState.Revoking && entry.Slot.Type == CapabilityType.Untyped ? 1 : 0;
        }

        Assert.True(holders <= 1, $"core {home.Member.Number} has one untyped, and lends it {holders} times: {RemoteDescription.Of(home)}");
    }

    /// <summary>Whoever has something, its home says so; and while it may be used by somebody's giving, the giver has not been told otherwise.</summary>
    public void AssertHomesKnow()
    {
        foreach (RemotePrograms programs in cores.Living().Where(programs => programs.Member.Activity != Activity.Starting))
        {
            CapabilityTree.AssertIsSound(programs);
        }

        foreach (RemotePrograms programs in cores.Honest())
        {
            AssertIsHeldOnce(programs);
            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                AssertHomeKnows(programs, number);
            }

            for (uint number = 0; number < programs.Remote.Exports.Used; number++)
            {
                AssertGiverKnows(programs, number);
            }
        }
    }

    /// <summary>While anything of a peer is held its link is there, or the coordinator has not been told that it is gone. A frame is memory that the peer was granted.</summary>
    public void AssertMemoryIsLinked(SimulatedMember member)
    {
        ref RemoteState remote = ref cores[member.Number].Remote;
        for (uint number = 0; member.Activity != Activity.Starting && number < remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref remote.Imports[number];
            if (entry.State == CrossingState.None || entry.Peer == member.Number)
            {
                continue;
            }

            Assert.True(
                entry.Peer == InstanceState.CoordinatorCore || IsLinkedOrHeldBack(member, entry.Peer),
                $"core {member.Number} holds something of core {entry.Peer}, and its link is gone for the coordinator");
            Assert.True(
                entry.Slot.Type is not (CapabilityType.Frame or CapabilityType.Untyped) || RemotePrograms.OwnerOf(entry.Slot.Object) == entry.Peer,
                $"import {number} of core {member.Number} is memory at {entry.Slot.Object:x}, which core {entry.Peer} was not granted");
        }
    }

    /// <summary>Memory of the dead is used again only when nobody has it, and nobody remembers them.</summary>
    public void AssertNothingIsLeftOf(uint core)
    {
        foreach (RemotePrograms programs in cores.Living().Where(programs => programs.Member.Number != core))
        {
            string other = $"core {core} begins anew, and core {programs.Member.Number}";
            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Imports[number];
                Assert.False(entry.State != CrossingState.None && entry.Peer == core, $"{other} has import {number} of its last life, {entry.State}");
            }

            for (uint number = 0; number < programs.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Exports[number];
                bool isHolder = entry.State is not (CrossingState.None or CrossingState.Gone) && entry.Peer == core;
                Assert.False(isHolder, $"{other} believes that its last life holds export {number}, {entry.State}");
                bool isGiver = entry.State != CrossingState.None && entry.Way == CrossingWay.Passed && entry.Giver == core;
                Assert.False(isGiver, $"{other} believes that its last life gave export {number}, {entry.State}");
            }

            for (ulong left = programs.Remote.Callers.Taken; left != 0;)
            {
                uint caller = programs.Remote.Callers[CallTable<ForeignCaller>.Next(ref left)].Peer;
                Assert.False(caller == core, $"{other} has a call of its last life");
            }
        }
    }

    private void AssertNobodyHasOf(RemotePrograms home)
    {
        foreach (RemotePrograms programs in cores.Honest().Where(programs => programs != home))
        {
            bool has = programs.HasForeign(home.Untyped, 1UL << RemotePrograms.UntypedBits);
            Assert.False(has && cores.Hostile is null, $"core {home.Member.Number} was told that its untyped is revoked; core {programs.Member.Number} has memory of it: {RemoteDescription.Of(programs)}");
        }
    }

    private void AssertHomeKnows(RemotePrograms programs, uint number)
    {
        uint core = programs.Member.Number;
        ref CrossingEntry import = ref programs.Remote.Imports[number];
        if (import.State == CrossingState.None || import.Slot.Type is not (CapabilityType.Frame or CapabilityType.Untyped) || !cores.AreLinked(core, import.Peer) || cores.IsHostile(import.Peer))
        {
            return;
        }

        ref CrossingEntry export = ref cores[import.Peer].Remote.Exports[import.HomeNumber];
        Assert.True(
            export.State != CrossingState.None && export.Peer == core,
            $"core {core} has import {number}, {import.State}; export {import.HomeNumber} of core {import.Peer} is {export.State}, of core {export.Peer}");
    }

    private void AssertGiverKnows(RemotePrograms home, uint number)
    {
        uint core = home.Member.Number;
        ref CrossingEntry entry = ref home.Remote.Exports[number];

        // Without deaths, but for the first core's, a record has lost its giver because that one was told.
        bool isTold = !cores.HasDeaths && entry.Giver != InstanceState.CoordinatorCore && entry.Way == CrossingWay.Direct && entry.Notice != 0 && entry.State == CrossingState.Revoking;
        Assert.False(isTold && !cores.IsHostile(entry.Peer) && HasFrame(cores[entry.Peer], core, number), $"core {entry.Giver} was told that export {number} of core {core} is taken back, and core {entry.Peer} has it");
        if (entry.Way != CrossingWay.Passed || entry.State != CrossingState.Held || cores.IsHostile(entry.Giver) || !cores.AreLinked(core, entry.Giver))
        {
            return;
        }

        ref CrossingEntry given = ref cores[entry.Giver].Remote.Exports[entry.HomeNumber];
        bool isRevokedByHome = given.State == CrossingState.Revoked && home.Remote.Exports[given.HomeNumber].State != CrossingState.Held;
        Assert.True(
            given.Way == CrossingWay.Giver && given.Peer == core && (given.State is CrossingState.Held or CrossingState.Revoking || isRevokedByHome),
            $"export {number} of core {core} is held by core {entry.Peer}, and its giver's record, {entry.HomeNumber} of core {entry.Giver}, is {given.State} at {given.Peer}");
    }

    private static bool HasFrame(RemotePrograms holder, uint home, uint homeNumber)
    {
        for (uint number = 0; number < holder.Remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref holder.Remote.Imports[number];
            if (entry.State != CrossingState.None && entry.Peer == home && entry.HomeNumber == homeNumber && entry.Slot.Type is CapabilityType.Frame or CapabilityType.Untyped)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLinkedOrHeldBack(SimulatedMember member, uint peer)
    {
        for (uint position = 0; position < member.State->LinkCount; position++)
        {
            ref LinkEntry entry = ref member.State->Map.Link(position);
            if (entry.IsUsed && (entry.OwesRelease ? entry.ReleasedPeer == peer : entry.Link.Peer == peer))
            {
                return true;
            }
        }

        return false;
    }
}
