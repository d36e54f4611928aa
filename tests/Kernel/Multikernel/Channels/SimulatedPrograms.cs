using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Programs;

namespace Atoll.Kernel.Tests.Multikernel.Channels;

/// <summary>An end of a channel that a simulated program has.</summary>
internal sealed unsafe class SimulatedEnd(uint number, Notification* notification, ushort listed)
{
    /// <summary>By which number it is listed at the notification of all such ends of the core; 0: it signals one of its own.</summary>
    public ushort Listed => listed;

    /// <summary>Why it was listed, as far as that was taken (<see cref="ChannelNews"/>).</summary>
    public byte Heard { get; set; }

    /// <summary>Its number.</summary>
    public uint Number => number;

    /// <summary>What its kernel signals.</summary>
    public Notification* Notification => notification;

    /// <summary>Whether its program knows that something has happened to it.</summary>
    public bool HasHeard => listed == 0 ? notification->IsPending : Heard != 0;

    /// <summary>Whether its program knows that it was rung.</summary>
    public bool HasHeardRing => listed == 0 ? (notification->Pending & 1) != 0 : (Heard & ChannelNews.Rang) != 0;
}

/// <summary>The programs of a simulated core: they ask for channels, ring, ask anew, and go, as a seed decides.</summary>
/// <remarks>What is not played is the memory of programs: no address space, so the kernel maps no ring.</remarks>
/// <param name="member">The core.</param>
/// <param name="cores">Cores of the machine.</param>
/// <param name="most">Ends that the core has room for, at most <see cref="EndsMax"/>.</param>
internal sealed unsafe class SimulatedPrograms(SimulatedMember member, int cores, uint most = SimulatedPrograms.EndsMax) : IDisposable
{
    /// <summary>Most ends of a core.</summary>
    public const uint EndsMax = 12;

    private const ulong Badge = 1;

    // The last is found where the first is, by whatever bits of a name the coordinator looks.
    private static readonly ulong[] Names = [1, 2, 1 + (1ul << 32)];

    private readonly void* _table = NativeMemory.AlignedAlloc(EndsMax * ChannelEntry.SizeBytes, 64);
    private readonly void* _notifications = NativeMemory.AlignedAlloc((EndsMax + 1) * 64, 64);
    private readonly List<SimulatedEnd> _ends = [];
    private readonly Queue<uint> _free = new();
    private ushort _lastListed;

    /// <summary>The ends that programs have.</summary>
    public IReadOnlyList<SimulatedEnd> Ends => _ends;

    /// <summary>The core.</summary>
    public SimulatedMember Member => member;

    /// <summary>Ends that it has room for.</summary>
    public uint Most => most;

    /// <summary>The table of the core's kernel.</summary>
    public ref ChannelTable Table => ref member.State->Kernel.Channels;

    private ref InstanceState State => ref *member.State;

    // Behind those of single ends.
    private Notification* Gathering => (Notification*)((byte*)_notifications + (EndsMax * 64));

    /// <summary>A life of the core begins: nothing of an earlier one is left.</summary>
    public void Begin()
    {
        _ends.Clear();
        _free.Clear();
        for (uint index = 0; index < EndsMax; index++)
        {
            _free.Enqueue(index);
        }

        NativeMemory.Fill(_table, EndsMax * ChannelEntry.SizeBytes, 0xCC);
        NativeMemory.Clear(_notifications, (EndsMax + 1) * 64);
        Table.Begin((ulong)_table, most, member.Number);
    }

    /// <summary>One thing that a program does, on its core.</summary>
    public void Step(Random random)
    {
        SimulatedEnd? end = _ends.Count == 0 ? null : _ends[random.Next(_ends.Count)];
        switch (random.Next(7))
        {
            case 0 or 1:
                Connect((uint)random.Next(cores), Names[random.Next(Names.Length)]);
                break;
            case 2 when end is not null:
                Leave(end);
                break;
            case 3 when end is not null:
                Reopen(end);
                break;
            case 4 or 5 when end is not null:
                Table.Ring(ref State.Kernel.Scheduler, end.Number);
                break;
            case 6:
                TakeReady();
                break;
        }

        AfterCall();
    }

    /// <summary>Asks for a channel.</summary>
    public void Open(uint peer, ulong name)
    {
        Connect(peer, name);
        AfterCall();
    }

    /// <summary>Asks for a channel with each of some cores: its kernel has done nothing yet.</summary>
    public void OpenQuietly(IEnumerable<uint> peers)
    {
        foreach (uint peer in peers)
        {
            // Both ends call it the same.
            Connect(peer, Names[(peer + member.Number) % Names.Length]);
        }
    }

    /// <summary>Asks anew for every channel whose other end is gone.</summary>
    public void ReopenAll()
    {
        foreach (SimulatedEnd end in _ends)
        {
            Reopen(end);
        }

        AfterCall();
    }

    /// <summary>What was signalled before is taken.</summary>
    public void ForgetSignals()
    {
        TakeReady();
        foreach (SimulatedEnd end in _ends)
        {
            end.Notification->Pending = 0;
            end.Heard = 0;
        }
    }

    /// <summary>Takes the ends that are listed: each is one that a program has, and once. If there is one, it was signalled.</summary>
    public void TakeReady()
    {
        bool wasSignalled = Gathering->IsPending;
        Gathering->IsPending = false;
        for (uint left = EndsMax; ; left--)
        {
            ulong taken = Table.TakeReady(in *Gathering);
            if (taken == 0)
            {
                return;
            }

            SimulatedEnd? end = _ends.SingleOrDefault(end => end.Listed == (uint)taken);
            Assert.True(end is not null && left != 0 && wasSignalled, $"core {member.Number} lists {(uint)taken}, which is no end, or listed twice, or was not signalled");
            Assert.NotEqual(0ul, taken >> ChannelNews.Shift);
            end.Heard |= (byte)(taken >> ChannelNews.Shift);
        }
    }

    /// <summary>Rings one end.</summary>
    public void Ring(SimulatedEnd end)
    {
        Table.Ring(ref State.Kernel.Scheduler, end.Number);
        AfterCall();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_table);
        NativeMemory.AlignedFree(_notifications);
    }

    private void Connect(uint peer, ulong name)
    {
        if (_free.Count == 0 || !Table.TryAsk(peer, name, out uint number))
        {
            return;
        }

        bool isListed = name % 2 == 0;
        Notification* notification = isListed ? Gathering : (Notification*)((byte*)_notifications + (_free.Peek() * 64));
        if (!isListed)
        {
            _ = _free.Dequeue();
            *notification = default;
        }

        SimulatedEnd end = new(number, notification, isListed ? ++_lastListed : (ushort)0);
        _ends.Add(end);
        CapabilitySlot slot = default;
        slot.Object = (ulong)notification;
        Table.Listen(ref State.Kernel.Scheduler, number, slot.Notification, Badge, end.Listed);
    }

    // As ChannelOperations does.
    private void Reopen(SimulatedEnd end)
    {
        if (Table.TryReopen(in State.Kernel.Capabilities, end.Number))
        {
            State.Kernel.Remote.DropArrived(ref Table, end.Number);
        }
    }

    // As ObjectLife does.
    private void Leave(SimulatedEnd end)
    {
        State.Kernel.Remote.DropArrived(ref Table, end.Number);
        Table.Leave(in State.Kernel.Capabilities, ref State.Kernel.Scheduler, end.Number);
        _ends.Remove(end);
        if (end.Listed == 0)
        {
            _free.Enqueue((uint)(((byte*)end.Notification - (byte*)_notifications) / 64));
        }
    }

    // As the entry from ring 3 does.
    private void AfterCall()
    {
        if (Table.OwesAnything)
        {
            ChannelTurn.AfterCall(ref State);
        }
    }
}
