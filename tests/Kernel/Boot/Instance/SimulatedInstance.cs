using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>
/// One instance with its pages in host memory, on a core of its own; the test holds the coordinator's ends of its link.
/// </summary>
internal sealed unsafe class SimulatedInstance : IDisposable
{
    /// <summary>Physical address of its private block.</summary>
    public const ulong PrivateBase = 0x50_0000;

    /// <summary>Pages of its private block.</summary>
    public const uint PrivatePages = 15;

    private readonly HostPages _own = new(4);
    private readonly HostPages _peers = new(512);
    private readonly ImageInfo* _image;

    /// <summary>Makes a healthy member whose traffic has not begun.</summary>
    public SimulatedInstance(uint core = 1)
    {
        _image = (ImageInfo*)_own.Page(3);
        *_image = SampleImage.Info();
        Core = new SimulatedCore { LocalApic = new ApicModel { Id = core }, Image = _image };
        State = default;
        State.Core = core;
        State.ApicId = core;
        State.Role = InstanceRole.Member;
        State.PrivateBase = PrivateBase;
        State.PrivatePages = PrivatePages;
        State.Clock = new Clock { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };
        State.Map.Status = (InstanceStatus*)_own.Page(0);
        State.Map.Crash = (CrashRecord*)_own.Page(1);
        State.Map.PeerEntries = (ulong*)_own.Page(2);
        State.Map.PeerEntryCount = 512;
        State.Map.PeerBase = (ulong)_peers.Start;
        State.Map.Status->State = (ulong)InstanceLifecycle.Healthy;

        RingMemory.Prepare(Ring(PeerSlot.ControlReceive), RingSlot.PerPage);
        RingMemory.Prepare(Ring(PeerSlot.ControlSend), RingSlot.PerPage);
        State.Control.Attach(in State.Map);
        ToInstance.Attach(Ring(PeerSlot.ControlReceive), RingSlot.PerPage);
        FromInstance.Attach(Ring(PeerSlot.ControlSend), RingSlot.PerPage);
        RunOnCore(() => State.Apic = LocalApic.Enable());
    }

    /// <summary>Its core.</summary>
    public SimulatedCore Core { get; }

    /// <summary>Its state block.</summary>
    public InstanceState State;

    /// <summary>The coordinator's end: requests.</summary>
    public RingSender ToInstance;

    /// <summary>The coordinator's end: answers.</summary>
    public RingReceiver FromInstance;

    /// <summary>Its status page.</summary>
    public ref InstanceStatus Status => ref *State.Map.Status;

    /// <summary>Its crash page.</summary>
    public ref CrashRecord Crash => ref *State.Map.Crash;

    /// <summary>Its page for a slot of the peer region, where a ring may be.</summary>
    public RingSlot* Ring(PeerSlot slot) => (RingSlot*)_peers.Page((int)slot);

    /// <summary>Its page for a slot of the peer region, where a status page may be.</summary>
    public ref InstanceStatus PeerStatus(PeerSlot slot) => ref *(InstanceStatus*)_peers.Page((int)slot);

    /// <summary>The page table entry of a slot.</summary>
    public ulong Entry(PeerSlot slot) => State.Map.PeerEntries[(uint)slot];

    /// <summary>Runs kernel code on this instance's core.</summary>
    public void RunOnCore(Action action)
    {
        using IDisposable scope = Core.Use();
        action();
    }

    /// <summary>Sends a control message, lets the instance handle it, and takes its answer.</summary>
    public RingMessage Ask(RingMessage request)
    {
        Assert.Equal(SendResult.Sent, ToInstance.TrySendControl<CoherentMemory>(in request));
        bool handled = false;
        RunOnCore(() => handled = ControlLink.Poll(ref State));
        Assert.True(handled);
        Assert.Equal(ReceiveResult.Received, FromInstance.TryReceive<CoherentMemory>(out RingMessage answer));
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _peers.Dispose();
    }
}
