using System.Text;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>
/// A coordinator and members in one process: each its state block and core, their turns in a random order.
/// </summary>
/// <remarks>
/// The instances begin provisioned and Healthy; everything from the linking of the ring to the verdict is the product's
/// code.
/// There is no MMU: what a peer table entry maps is looked up when the entry appears, before anything is read through
/// it. The
/// coordinator's frame window shows a page of its own, and the frames of its pool hold prepared rings from the start.
/// </remarks>
internal sealed unsafe class SimulatedMultikernel : IDisposable
{
    private const ulong PoolBase = 0x40_0000;
    private const int PoolFrames = 32;
    private const ulong BlockBase = 0x100_0000;
    private const ulong BlockStride = 0x10_0000;
    private const int WindowWriteSlot = 511;
    private const int WindowReadSlot = 510;

    private readonly Random _random;
    private readonly MachineTime _time = new();
    private readonly UartModel _uart = new();
    private readonly InstanceState[] _states;
    private readonly MultikernelCore[] _cores;
    private readonly bool[] _isParked;
    private readonly HostPages _coordinatorPeers = new(512);
    private readonly HostPages _coordinatorState = new((sizeof(CoordinatorState) / HostPages.PageBytes) + 1);
    private readonly HostPages _rings = new(PoolFrames);
    private readonly HostPages _image = new(1);
    private readonly HostPages _tables;
    private readonly HostPages _crashes;
    private readonly HostPages _memberPeers;
    private readonly HashSet<(int Core, NeighbourSide Side)> _resolved = [];
    private const int MemberSlots = 8;

    /// <summary>Provisions a machine.</summary>
    /// <param name="cores">Cores.</param>
    /// <param name="random">Decides the order of turns.</param>
    /// <param name="commandLine">Boot parameters.</param>
    /// <param name="victim">The member that is expected to die, whose crash page the coordinator's window
    /// shows.</param>
    public SimulatedMultikernel(int cores, Random random, string commandLine, int victim = 0)
    {
        _random = random;
        _states = new InstanceState[cores];
        _cores = new MultikernelCore[cores];
        _isParked = new bool[cores];
        _tables = new HostPages(cores);
        _crashes = new HostPages(cores);
        _memberPeers = new HostPages(cores * MemberSlots);
        *(ImageInfo*)_image.Start = SampleImage.Info();
        Assert.Equal(ParameterResult.Decoded,
            BootParameterDecoder.Decode(Encoding.ASCII.GetBytes(commandLine), out Coordinator.Parameters, out _));
        Coordinator.Pool.Give(PoolBase, PoolFrames);
        for (int frame = 0; frame < PoolFrames; frame++)
        {
            RingMemory.Prepare((RingSlot*)_rings.Page(frame), RingSlot.PerPage);
        }

        for (int core = 0; core < cores; core++)
        {
            Coordinator.Cores.TryAdd(ApicId(core));
            Provision(core, isVictim: core == victim);
        }

        _cores[0].Sleeping = () => MemberTurns(_random.Next(1, 6));
        _cores[0].Invalidating = ShowThroughWindow;
    }

    /// <summary>Lines on the serial console.</summary>
    public string[] Lines => _uart.Lines;

    /// <summary>What was written to the debug-exit port, by whichever core.</summary>
    public byte? ExitCode => _cores.Select(core => core.ExitCode).FirstOrDefault(code => code is not null);

    /// <summary>Cores that never get a turn, as if they hung.</summary>
    public HashSet<int> Hung { get; } = [];

    /// <summary>The state that an instance's status page tells.</summary>
    public InstanceLifecycle StateOf(int core) => (InstanceLifecycle)_states[core].Map.Status->State;

    private ref CoordinatorState Coordinator => ref *(CoordinatorState*)_coordinatorState.Start;

    /// <summary>Links the ring, begins, and takes turns until somebody ends the run.</summary>
    public void Run(int turnsMax = 60_000)
    {
        RunOn(0, Link);
        for (int turn = 0; turn < turnsMax && ExitCode is null; turn++)
        {
            Turn(_random.Next(_states.Length));
        }

        Assert.True(ExitCode is not null, "nobody ended the run:\n" + string.Join('\n', Lines));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        HostPages[] all = [_coordinatorPeers, _coordinatorState, _rings, _image, _tables, _crashes, _memberPeers];
        Array.ForEach(all, pages => pages.Dispose());
    }

    // Identifiers with gaps, as firmware leaves them.
    private static uint ApicId(int core) => (uint)core * 2;

    private void Provision(int core, bool isVictim)
    {
        ref InstanceState state = ref _states[core];
        byte* peers = core == 0 ? _coordinatorPeers.Start : _memberPeers.Page(core * MemberSlots);
        state.Core = (uint)core;
        state.ApicId = ApicId(core);
        state.Role = core == 0 ? InstanceRole.Coordinator : InstanceRole.Member;
        state.Clock = new Clock { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };
        state.Map.PeerBase = (ulong)peers;
        state.Map.PeerEntries = (ulong*)_tables.Page(core);
        state.Map.PeerEntryCount = PageTableEntry.PerTable;
        bool isShown = isVictim && core != 0;
        state.Map.Crash = (CrashRecord*)(isShown ? _coordinatorPeers.Page(WindowReadSlot) : _crashes.Page(core));

        // A member's status page is where the coordinator maps it.
        PeerSlot statusSlot = PeerMap.OfCore((uint)core, PeerSlot.CoordinatorStatus);
        state.Map.Status = (InstanceStatus*)_coordinatorPeers.Page((int)statusSlot);
        state.Map.Status->State = (ulong)InstanceLifecycle.Healthy;

        ref InstanceEntry entry = ref Coordinator.Instances[core];
        entry.Lifecycle = InstanceLifecycle.Healthy;
        entry.Plan = InstancePlan.Member(in *(ImageInfo*)_image.Start);
        entry.Plan.Base = BlockBase + ((ulong)core * BlockStride);
        state.PrivateBase = entry.Plan.Base;
        state.PrivatePages = entry.Plan.PageCount;

        var machine = new MultikernelCore(_time)
        {
            Uart = _uart,
            LocalApic = new ApicModel { Id = ApicId(core) },
            Image = (ImageInfo*)_image.Start,
        };
        machine.Trapping = frame => TrapHandler.Handle(ref _states[core], in frame);
        _cores[core] = machine;
        RunOn(core, () => _states[core].Apic = LocalApic.Enable());
        if (core != 0)
        {
            LinkToCoordinator(ref state, ref entry);
        }
    }

    private static void LinkToCoordinator(ref InstanceState state, ref InstanceEntry entry)
    {
        var toInstance = (RingSlot*)PeerMap.Address(in state.Map, PeerSlot.ControlReceive);
        var fromInstance = (RingSlot*)PeerMap.Address(in state.Map, PeerSlot.ControlSend);
        RingMemory.Prepare(toInstance, RingSlot.PerPage);
        RingMemory.Prepare(fromInstance, RingSlot.PerPage);
        state.Control.Attach(in state.Map);
        entry.ToInstance.Attach(toInstance, RingSlot.PerPage);
        entry.FromInstance.Attach(fromInstance, RingSlot.PerPage);
    }

    private void Link()
    {
        Assert.True(RingOfCores.Connect(ref _states[0], ref Coordinator));
        Resolve(0);
        RingOfCores.Begin(ref _states[0], ref Coordinator);
    }

    private void MemberTurns(int count)
    {
        for (int i = 0; i < count && _states.Length > 1; i++)
        {
            Turn(_random.Next(1, _states.Length));
        }
    }

    private void Turn(int core)
    {
        _time.Now += (ulong)_random.Next(1000, 60_000);
        if (_isParked[core] || Hung.Contains(core))
        {
            return;
        }

        RunOn(core, () =>
        {
            if (core == 0)
            {
                EventLoop.Turn(ref _states[0]);
                Supervisor.Poll(ref _states[0], ref Coordinator);
                return;
            }

            // What the member reads of the coordinator's status page, which is mapped read-only there.
            void* seen = PeerMap.Address(in _states[core].Map, PeerSlot.CoordinatorStatus);
            *(InstanceStatus*)seen = *_states[0].Map.Status;
            EventLoop.Turn(ref _states[core]);
            Resolve(core);
        });
        ObeyInits();
    }

    private void RunOn(int core, Action action)
    {
        using IDisposable scope = _cores[core].Use();
        try
        {
            try
            {
                action();
            }
            catch (CheckFailedException)
            {
                // On the machine a failed check is the trap of INT 0x20.
                _cores[core].Trap((int)TrapVector.CheckFailed);
            }
        }
        catch (ParkedException)
        {
            _isParked[core] = true;
        }
    }

    // INIT stops a core wherever it is.
    private void ObeyInits()
    {
        foreach ((uint destination, uint command) in _cores[0].LocalApic.Sent)
        {
            if (command == 0x4500)
            {
                _isParked[destination / 2] = true;
            }
        }
    }

    // Stands for the window onto a status page: the coordinator writes only that of an instance which it has just
    // stopped.
    // Ring pages, the other thing it writes there, begin with a zero word.
    private void ShowThroughWindow(ulong address)
    {
        InstanceStatus* shown = (InstanceStatus*)_coordinatorPeers.Page(WindowWriteSlot);
        if (address == (ulong)shown && shown->State != 0)
        {
            _states[_cores[0].LocalApic.Sent[^1].Destination / 2].Map.Status->State = shown->State;
            shown->State = 0;
        }
    }

    // Stands for the MMU: new entries of the peer table are looked up in physical memory.
    private void Resolve(int core)
    {
        Resolve(core, NeighbourSide.Left, PeerSlot.LeftRing, PeerSlot.LeftStatus);
        Resolve(core, NeighbourSide.Right, PeerSlot.RightRing, PeerSlot.RightStatus);
    }

    private void Resolve(int core, NeighbourSide side, PeerSlot ringSlot, PeerSlot statusSlot)
    {
        ulong* entries = _states[core].Map.PeerEntries;
        ulong ring = entries[(int)ringSlot] & PageTableEntry.AddressMask;
        ulong status = entries[(int)statusSlot] & PageTableEntry.AddressMask;
        if (ring == 0 || !_resolved.Add((core, side)))
        {
            return;
        }

        int peer = (int)((status - BlockBase) / BlockStride);
        Assert.Equal(Coordinator.Instances[peer].Plan.AddressOf(PageKind.Status), status);
        Assert.Equal(PageTableEntry.Leaf(status, PageRights.Read), entries[(int)statusSlot]);
        _states[core].Traffic.Attach(
            side, (RingSlot*)_rings.Page((int)((ring - PoolBase) / HostPages.PageBytes)), _states[peer].Map.Status);
    }
}
