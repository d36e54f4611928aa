using System.Reflection;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Four cores whose programs give each other capabilities: each message between them is counted.</summary>
public abstract unsafe class RemoteMachineTests : IDisposable
{
    private protected const int Cores = 4;
    private protected const uint Home = 1;
    private protected const uint Middle = 2;
    private protected const uint Last = 3;
    private protected const uint Frame = 0;
    private protected const uint Bell = 1;
    private protected const uint Server = 3;
    private protected const uint Taken = RemotePrograms.Owned;

    private static readonly FieldInfo s_sender = typeof(Link).GetField("_sender", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly ChannelMachine _machine = new(new Random(1), Cores, kills: 0);
    private protected readonly RemotePrograms[] _programs;
    private readonly List<(uint Core, uint Slot)> _revoked = [];

    private protected RemoteMachineTests()
        : this(RemotePrograms.EndsMax, RemotePrograms.Slots)
    {
    }

    /// <summary>A machine whose kernels have records for so many ends of channels, and whose programs so many slots.</summary>
    private protected RemoteMachineTests(uint recordsFor, uint slots)
    {
        SimulatedMultikernel machine = _machine.Multikernel;
        machine.TicksMax = 100_000_000_000_000;
        _programs = [.. machine.Members.Select(member => new RemotePrograms(member, Cores, RemotePrograms.EndsMax, recordsFor, slots) { Revoked = (programs, slot) => _revoked.Add((programs.Member.Number, slot)) })];
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

    private protected void AssertNobodyHas()
    {
        foreach (RemotePrograms programs in _programs)
        {
            Assert.True(programs.Remote.Exports.Count + programs.Remote.Imports.Count == 0, RemoteDescription.Of(programs));
        }
    }

    private protected static IEnumerable<CrossingState> States(CrossingTable table)
    {
        List<CrossingState> states = [];
        for (uint number = 0; number < table.Used; number++)
        {
            states.Add(table[number].State);
        }

        return states;
    }

    private protected void AssertSent(Dictionary<(uint From, uint To), uint> before, params (uint From, uint To, uint Count)[] expected)
    {
        Dictionary<(uint From, uint To), uint> now = Sent();
        Assert.Equal(
            expected.Order().Select(sent => (sent.From, sent.To, sent.Count)),
            now.Where(sent => sent.Value != before.GetValueOrDefault(sent.Key)).Select(sent => (sent.Key.From, sent.Key.To, sent.Value - before.GetValueOrDefault(sent.Key))).Order());
    }

    // Messages that the members have sent each other.
    private protected Dictionary<(uint From, uint To), uint> Sent()
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

    private protected void Open(uint one, uint other, ulong name)
    {
        On(one, programs => programs.Channels.Open(other, name));
        On(other, programs => programs.Channels.Open(one, name));
    }

    private protected void Give(uint from, uint slot, uint to, uint target)
    {
        Assert.Equal(SystemResult.Ok, TryGive(from, to, slot));
        Settle();
        Take(from, to, target);
    }

    private protected void Pass(uint slot)
    {
        Assert.Equal(SystemResult.Ok, TryGive(Middle, Last, slot));
        Settle();
    }

    private protected SystemResult TryGive(uint from, uint to, uint slot) => On(from, programs => programs.Give(EndOf(from, to), slot));

    private protected void Take(uint from, uint to, uint target)
    {
        Assert.Equal(SystemResult.Ok, On(to, programs => programs.Take(EndOf(to, from), target)));
        Settle();
    }

    private protected void TakeBack(uint core, uint slot, bool isAtOnce = false)
    {
        _revoked.Clear();
        On(core, programs => programs.TakeBack(slot));
        Assert.True(!isAtOnce || _revoked.Count == 1);
        Settle();
        Assert.Equal([(core, slot)], _revoked);
    }

    private protected uint EndOf(uint core, uint peer) => _programs[core].Channels.Ends.Single(end => _programs[core].Channels.Table[end.Number].Peer == peer).Number;

    private protected ref CapabilitySlot Slot(uint core, uint index) => ref _programs[core].Slot(index).Value;

    private protected void On(uint core, Action<RemotePrograms> what) => _programs[core].Member.Run(() => what(_programs[core]));

    private protected T On<T>(uint core, Func<RemotePrograms, T> what)
    {
        T result = default!;
        On(core, programs => { result = what(programs); });
        return result;
    }

    private protected void Settle() => _machine.Multikernel.RunUntil(() => _programs.All(IsSettled));

    private static bool IsSettled(RemotePrograms programs)
    {
        bool rests = programs.Member.Number == InstanceState.CoordinatorCore || programs.Member.Activity == Activity.Asleep;
        return programs.Member.IsHung || (rests && !programs.Member.Core.IsInterruptPending
            && !programs.Channels.Table.OwesAnything && !programs.Remote.HasWork && !programs.Remote.AwaitsRoom && programs.HasRevoked && !programs.Member.State->Kernel.Scheduler.HasForeignNews);
    }
}
