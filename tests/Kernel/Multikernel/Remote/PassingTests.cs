using System.Reflection;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What is given on from core to core: the messages that it takes, which are part of the contract (docs/remote-capabilities.md), and who has what afterwards.</summary>
public sealed unsafe class PassingTests : IDisposable
{
    private const int Cores = 4;
    private const uint Home = 1;
    private const uint Middle = 2;
    private const uint Last = 3;
    private const uint Frame = 0;
    private const uint Bell = 1;
    private const uint Taken = RemotePrograms.Owned;

    private static readonly FieldInfo s_sender = typeof(Link).GetField("_sender", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly ChannelMachine _machine = new(new Random(1), Cores, kills: 0);
    private readonly RemotePrograms[] _programs;
    private readonly List<(uint Core, uint Slot)> _revoked = [];

    public PassingTests()
    {
        SimulatedMultikernel machine = _machine.Multikernel;
        machine.TicksMax = 100_000_000_000_000;
        _programs = [.. machine.Members.Select(member => new RemotePrograms(member, Cores) { Revoked = (programs, slot) => _revoked.Add((programs.Member.Number, slot)) })];
        machine.Beginning = member =>
        {
            _programs[member.Number].Begin();
            if (member.Number != InstanceState.CoordinatorCore)
            {
                member.State->CoordinatorOffer.Grant = RemotePrograms.GrantOf(InstanceState.CoordinatorCore);
            }
        };
        machine.Turning = _ =>
        {
            foreach (SimulatedMember member in machine.Members.Where(member => member.IsAlive))
            {
                for (uint position = 0; position < member.State->LinkCount; position++)
                {
                    ref LinkEntry entry = ref member.State->Map.Link(position);
                    entry.Grant = RemotePrograms.GrantOf(entry.Link.Peer);
                }
            }
        };
        machine.Programs = member => _programs[member.Number].GoOn();
        Settle();
        Open(Home, Middle, name: 1);
        Open(Middle, Last, name: 2);

        // For their link: between cores that have none it is made first.
        Open(Home, Last, name: 3);
        Settle();
    }

    public void Dispose()
    {
        Array.ForEach(_programs, programs => programs.Dispose());
        _machine.Dispose();
    }

    /// <summary>The giver asks the home, which offers it to the receiver; and answers the giver, which nobody waits for.</summary>
    [Fact]
    public void Giving_On_TakesTwoMessagesToTheReceiver()
    {
        Give(Home, Frame, Middle, Taken);
        Dictionary<(uint, uint), uint> before = Sent();
        Pass(Taken);
        AssertSent(before, (Middle, Home, 1), (Home, Last, 1), (Home, Middle, 1));

        Take(Middle, Last, Taken);
        AssertSent(before, (Middle, Home, 1), (Home, Last, 1), (Home, Middle, 1), (Last, Middle, 1));
        Assert.Equal(_programs[Home].FrameOf(Frame), Slot(Last, Taken).Object);
    }

    /// <summary>Two messages for each kernel that holds it, whoever gave it there and however many it holds; and one to who gave it on, which no revoke waits for.</summary>
    [Fact]
    public void Revoke_AtHome_TakesTwoMessagesForEachHoldingKernel()
    {
        Give(Home, Frame, Middle, Taken);
        Pass(Taken);
        Take(Middle, Last, Taken);
        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Home, Frame);

        AssertSent(before, (Home, Middle, 2), (Home, Last, 1), (Middle, Home, 1), (Last, Home, 1));
        AssertNobodyHas();
    }

    /// <summary>A holder takes back what it gave on: by its home, which asks all that have it by that. Its own stays.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Revoke_AtAHolder_TakesTwoMessagesForEachHoldingKernel_AndTwoToTheHome(uint copies)
    {
        Give(Home, Frame, Middle, Taken);
        for (uint copy = 0; copy < copies; copy++)
        {
            Pass(Taken);
            Take(Middle, Last, Taken + copy);
        }

        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Middle, Taken);

        AssertSent(before, (Middle, Home, 1), (Home, Last, 1), (Last, Home, 1), (Home, Middle, 1));
        Assert.Equal(CapabilityType.Frame, Slot(Middle, Taken).Type);
        Assert.Equal((1u, 0u), (_programs[Home].Remote.Exports.Count, _programs[Middle].Remote.Exports.Count));
        Assert.Equal(0u, _programs[Last].Remote.Imports.Count);
    }

    /// <summary>What is always used by asking its home is refused there at once: a revoke at home waits for nobody, and one of a holder for the home only.</summary>
    [Fact]
    public void Revoke_OfANotification_WaitsForNoHolder()
    {
        Give(Home, Bell, Middle, Taken);
        Pass(Taken);
        Take(Middle, Last, Taken);
        _programs[Last].Member.HangUntil(ulong.MaxValue);

        TakeBack(Middle, Taken);
        Pass(Taken);
        TakeBack(Home, Bell, isAtOnce: true);
        Assert.DoesNotContain(CrossingState.Held, States(_programs[Home].Remote.Exports));
    }

    /// <summary>Whoever holds it last lets go: so do the records on the way, and the place on the channel is free.</summary>
    [Fact]
    public void Deletion_AtTheEndOfAChain_FreesItsRecords()
    {
        Give(Home, Frame, Middle, Taken);
        Pass(Taken);
        Take(Middle, Last, Taken);
        On(Last, programs => programs.Delete(Taken));
        Settle();
        Assert.Equal((1u, 0u), (_programs[Home].Remote.Exports.Count, _programs[Middle].Remote.Exports.Count));

        On(Middle, programs => programs.Delete(Taken));
        Settle();
        AssertNobodyHas();
    }

    /// <summary>To its own home nothing can be given back, and what is given on is alone on its channel.</summary>
    [Fact]
    public void What_CannotBeGivenOn()
    {
        Give(Home, Frame, Middle, Taken);
        Assert.Equal(SystemResult.NotCopyable, TryGive(Middle, Home, Taken));
        Assert.Equal(SystemResult.Ok, TryGive(Middle, Last, Frame));
        Assert.Equal(SystemResult.WouldBlock, TryGive(Middle, Last, Taken));
        Settle();
        Take(Middle, Last, Taken);
        Assert.Equal(SystemResult.Ok, TryGive(Middle, Last, Taken));
        Assert.Equal(SystemResult.WouldBlock, TryGive(Middle, Last, Frame));
        Settle();
        Take(Middle, Last, Taken + 1);
        Assert.Equal(_programs[Home].FrameOf(Frame), Slot(Last, Taken + 1).Object);
    }

    /// <summary>A home that has no more records for what others give on says so; the giver's place is free again, and its own programs go on giving.</summary>
    [Fact]
    public void Home_KeepsHalfOfItsRecordsForItsOwn()
    {
        uint half = _programs[Home].Remote.Exports.Capacity / 2;
        Give(Home, Frame, Middle, Taken);
        for (uint given = 1; given <= half + 1; given++)
        {
            Pass(Taken);
            Assert.Equal(given > half ? 0u : 1, (uint)On(Last, programs => programs.Channels.Table[EndOf(Last, Middle)].Arrived));
            if (given <= half)
            {
                Take(Middle, Last, Taken);
                On(Last, programs => programs.Move(Taken, Taken + 1));
            }
        }

        Assert.Equal(0, _programs[Middle].Channels.Table[EndOf(Middle, Last)].Given);
        Assert.Equal(1ul, _programs[Home].Remote.Refused);
        Assert.Equal(SystemResult.Ok, TryGive(Home, Middle, Frame));
    }

    private void AssertNobodyHas()
    {
        foreach (RemotePrograms programs in _programs)
        {
            Assert.True(programs.Remote.Exports.Count + programs.Remote.Imports.Count == 0, programs.Describe());
        }
    }

    private static IEnumerable<CrossingState> States(CrossingTable table)
    {
        List<CrossingState> states = [];
        for (uint number = 0; number < table.Used; number++)
        {
            states.Add(table[number].State);
        }

        return states;
    }

    private void AssertSent(Dictionary<(uint From, uint To), uint> before, params (uint From, uint To, uint Count)[] expected)
    {
        Dictionary<(uint From, uint To), uint> now = Sent();
        Assert.Equal(
            expected.Order().Select(sent => (sent.From, sent.To, sent.Count)),
            now.Where(sent => sent.Value != before.GetValueOrDefault(sent.Key)).Select(sent => (sent.Key.From, sent.Key.To, sent.Value - before.GetValueOrDefault(sent.Key))).Order());
    }

    // Messages that the members have sent each other.
    private Dictionary<(uint From, uint To), uint> Sent()
    {
        Dictionary<(uint From, uint To), uint> sent = [];
        foreach (SimulatedMember member in _machine.Multikernel.Members.Where(member => member.Number != InstanceState.CoordinatorCore))
        {
            for (uint position = 0; position < member.State->LinkCount; position++)
            {
                ref Link link = ref member.State->Map.Link(position).Link;
                if (link.Peer != InstanceState.CoordinatorCore)
                {
                    sent[(member.Number, link.Peer)] = ((RingSender)s_sender.GetValueDirect(__makeref(link))!).Position;
                }
            }
        }

        return sent;
    }

    private void Open(uint one, uint other, ulong name)
    {
        On(one, programs => programs.Channels.Open(other, name));
        On(other, programs => programs.Channels.Open(one, name));
    }

    private void Give(uint from, uint slot, uint to, uint target)
    {
        Assert.Equal(SystemResult.Ok, TryGive(from, to, slot));
        Settle();
        Take(from, to, target);
    }

    private void Pass(uint slot)
    {
        Assert.Equal(SystemResult.Ok, TryGive(Middle, Last, slot));
        Settle();
    }

    private SystemResult TryGive(uint from, uint to, uint slot) => On(from, programs => programs.Give(EndOf(from, to), slot));

    private void Take(uint from, uint to, uint target)
    {
        Assert.Equal(SystemResult.Ok, On(to, programs => programs.Take(EndOf(to, from), target)));
        Settle();
    }

    private void TakeBack(uint core, uint slot, bool isAtOnce = false)
    {
        _revoked.Clear();
        On(core, programs => programs.TakeBack(slot));
        Assert.True(!isAtOnce || _revoked.Count == 1);
        Settle();
        Assert.Equal([(core, slot)], _revoked);
    }

    private uint EndOf(uint core, uint peer) => _programs[core].Channels.Ends.Single(end => _programs[core].Channels.Table[end.Number].Peer == peer).Number;

    private ref CapabilitySlot Slot(uint core, uint index) => ref _programs[core].Slot(index).Value;

    private void On(uint core, Action<RemotePrograms> what) => _programs[core].Member.Run(() => what(_programs[core]));

    private T On<T>(uint core, Func<RemotePrograms, T> what)
    {
        T result = default!;
        On(core, programs => { result = what(programs); });
        return result;
    }

    private void Settle() => _machine.Multikernel.RunUntil(() => _programs.All(IsSettled));

    private static bool IsSettled(RemotePrograms programs)
    {
        bool rests = programs.Member.Number == InstanceState.CoordinatorCore || programs.Member.Activity == Activity.Asleep;
        return programs.Member.IsHung || (rests && !programs.Member.Core.IsInterruptPending
            && !programs.Channels.Table.OwesAnything && !programs.Remote.HasWork && !programs.Remote.AwaitsRoom && programs.HasRevoked);
    }
}
