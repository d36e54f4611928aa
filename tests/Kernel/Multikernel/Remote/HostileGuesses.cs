using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Programs;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A kernel that has guessed right: what it says is well formed, with numbers that mean something where it says it, and it may not say it.</summary>
/// <remarks>It looks where no kernel could. A real one would have to try all numbers, which it has the time for.</remarks>
internal sealed unsafe class HostileGuesses(SimulatedMember member, Random random, RemotePrograms[] programs)
{
    private const uint NumberOfNothing = 0x400;
    private const uint PlaceOfLies = RemoteState.PlacesMax - 1;

    private uint _serial = 1000;

    private RemotePrograms Own => programs[member.Number];

    /// <summary>Says one such thing to somebody.</summary>
    public void Step()
    {
        uint core = (uint)random.Next(programs.Length);
        if (core == member.Number || !programs[core].Member.IsAlive || programs[core].Member.Activity == Activity.Starting)
        {
            return;
        }

        switch (random.Next(8))
        {
            case 0:
                OfferOver(Open(Own, core));
                break;
            case 1:
                OfferAsIfAsked(core);
                break;
            case 2:
                Pass(core);
                break;
            case 3 or 4:
                Call(core);
                break;
            case 5:
                ReturnAll(core);
                break;
            case 6:
                AnswerForAnother(core);
                break;
            case 7:
                Ring(Open(Own, core));
                break;
        }
    }

    // A frame of anybody's, over a channel of its own.
    private void OfferOver(ChannelEntry[] ends)
    {
        if (ends.Length != 0)
        {
            ref readonly ChannelEntry end = ref ends[random.Next(ends.Length)];
            Offer(end.Peer, end.PeerNumber, end.Epoch, FrameOf((uint)random.Next(programs.Length)), notice: 0);
        }
    }

    // What is its own, as if a program of a third core had given it on. That one may have said so once of something else.
    private void OfferAsIfAsked(uint receiver)
    {
        uint giver = (uint)random.Next(programs.Length);
        ChannelEntry[] ends = giver == member.Number ? [] : Open(programs[giver], receiver);
        if (ends.Length != 0)
        {
            ref readonly ChannelEntry end = ref ends[random.Next(ends.Length)];
            uint serial = random.Next(2) == 0 ? end.PassSerial + (uint)random.Next(2) : ++_serial;
            Offer(receiver, end.PeerNumber, end.Epoch, FrameOf(member.Number), PassNotice.WordOf(serial, member.Number, (uint)random.Next((int)RemoteState.PlacesMax)));
        }
    }

    private void Offer(uint receiver, uint channel, ulong epoch, ulong frame, ulong notice)
    {
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.OfferCapability;
        message.Operation = (NumberOfNothing + (uint)random.Next(64)) | ((ulong)channel << 32);
        CapabilityType type = random.Next(3) == 0 ? CapabilityType.Untyped : CapabilityType.Frame;
        message.Argument0 = (ulong)type | ((ulong)random.Next(16) << 8) | ((ulong)ObjectSize.FrameBits << 16);
        message.Argument1 = frame;
        message.Argument2 = epoch;
        message.Argument3 = notice;
        Send(receiver, ref message);
    }

    // What others hold of a home, or it itself with fewer rights, goes to a third core; and the notice for it stands where it should.
    private void Pass(uint home)
    {
        uint receiver = (uint)random.Next(programs.Length);
        ChannelEntry[] ends = Open(Own, receiver);
        uint[] held = Exports(home, (in CrossingEntry entry) => entry.State == CrossingState.Held && entry.Owes == CrossingDebts.None);
        uint[] own = Exports(home, (in CrossingEntry entry) =>
            entry.State == CrossingState.Held && entry.Owes == CrossingDebts.None && entry.Peer == member.Number && entry.Slot.Type == CapabilityType.Untyped);
        held = own.Length != 0 && random.Next(2) == 0 ? own : held;
        if (receiver == home || ends.Length == 0 || held.Length == 0)
        {
            return;
        }

        ref readonly ChannelEntry end = ref ends[random.Next(ends.Length)];
        ulong notice = PassNotice.WordOf(++_serial, home, PlaceOfLies);
        member.State->Map.Status.Passes[(int)PlaceOfLies].Publish(notice, end.Epoch);
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.PassCapability;
        message.Operation = held[random.Next(held.Length)] | ((ulong)(NumberOfNothing + (uint)random.Next(64)) << 32);
        message.Argument0 = receiver | ((ulong)CapabilityRights.All << 32);
        message.Argument1 = end.Epoch;
        message.Argument2 = notice;
        message.Argument3 = end.PeerNumber;
        Send(home, ref message);
    }

    // By what it holds without the right, by what others hold, and by what was taken back.
    private void Call(uint home)
    {
        uint[] endpoints = Exports(home, (in CrossingEntry entry) => entry.State != CrossingState.None && entry.Slot.Type is CapabilityType.Endpoint or CapabilityType.Thread);
        if (endpoints.Length != 0)
        {
            LinkMessage message = default;
            message.Kind = (uint)KernelMessage.CallEndpoint;
            message.Operation = endpoints[random.Next(endpoints.Length)] | ((ulong)random.Next((int)RemoteState.CallsMax) << 16) | (4UL << 22)
                | ((ulong)random.Next(2) << 25) | (1UL << 26) | ((ulong)ThreadOperation.SetLocalBase << 32);
            message.Argument0 = ++_serial;
            Send(home, ref message);
        }
    }

    // What others hold of a home comes back, too, or what this kernel has given back before.
    private void ReturnAll(uint home)
    {
        uint[] returned = Exports(home, (in CrossingEntry entry) => entry.State == CrossingState.None && entry.Peer == member.Number);
        LinkMessage message = default;
        message.Kind = (uint)KernelMessage.ReturnCapabilities;
        message.Operation = 1UL << (returned.Length != 0 && random.Next(2) == 0 ? (int)Any(returned) % 64 : random.Next((int)RemotePrograms.EndsMax * 4));
        Send(home, ref message);
    }

    // A call that somebody else has not answered yet.
    private void AnswerForAnother(uint caller)
    {
        ulong calls = programs[caller].Remote.Calls.Taken;
        if (calls != 0)
        {
            LinkMessage message = CallMessage.Refuse(CallTable<AwaitedCall>.Next(ref calls), SystemResult.PeerDied);
            message.Operation = random.Next(2) == 0 ? message.Operation : (message.Operation & 0x1F8) | 4;
            Send(caller, ref message);
        }
    }

    // More was taken than was given, and things that were never on their way will not come.
    private void Ring(ChannelEntry[] ends)
    {
        if (ends.Length != 0)
        {
            ref ChannelEntry end = ref ends[random.Next(ends.Length)];
            LinkMessage message = ChannelMessage.ToPeer(KernelMessage.RingChannel, in end);
            message.Argument1 = (ulong)random.Next(6);
            message.Argument2 = (ulong)random.Next(3);
            Send(end.Peer, ref message);
        }
    }

    private uint Any(uint[] numbers) => numbers[random.Next(numbers.Length)];

    private delegate bool Choice(in CrossingEntry entry);

    private uint[] Exports(uint home, Choice choice)
    {
        List<uint> numbers = [];
        for (uint number = 0; number < programs[home].Remote.Exports.Used; number++)
        {
            if (choice(in programs[home].Remote.Exports[number]))
            {
                numbers.Add(number);
            }
        }

        return [.. numbers];
    }

    private static ChannelEntry[] Open(RemotePrograms from, uint to) =>
        [.. from.Channels.Ends.Select(end => from.Channels.Table[end.Number]).Where(end => end.State == ChannelState.Open && end.Peer == to)];

    private ulong FrameOf(uint core) => programs[core].FrameOf((uint)random.Next((int)RemotePrograms.Kinds));

    private void Send(uint core, ref LinkMessage message)
    {
        uint position = LinkTable.Find(in member.State->Map, core);
        if (position != LinkTable.None)
        {
            _ = member.State->Map.Link(position).Link.TrySend<CoherentMemory>(ref message);
            LinkTurn.End(ref *member.State);
        }
    }
}
