using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>One instance with its pages in host memory, on a core of its own.</summary>
internal sealed unsafe class SimulatedInstance : IDisposable
{
    /// <summary>Physical address of its private block.</summary>
    public const ulong PrivateBase = 0x50_0000;

    /// <summary>Pages of its private block.</summary>
    public const uint PrivatePages = 15;

    private readonly HostPages _own = new(6);
    private readonly HostPages _peers = new(512);
    private readonly ImageInfo* _image;

    /// <summary>Makes a healthy member without links.</summary>
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
        State.Map.Wake = (ulong*)_own.Page(4);
        State.Map.Links = (LinkEntry*)_own.Page(5);
        State.Map.LinkCapacity = LinkTable.CapacityOf(1);
        State.Map.Status->Life = LifeWord.Of(1, InstanceLifecycle.Healthy);
        State.Incarnation = 1;
        RunOnCore(() => State.Apic = LocalApic.Enable());
    }

    /// <summary>Its core.</summary>
    public SimulatedCore Core { get; }

    /// <summary>Its state block.</summary>
    public InstanceState State;

    /// <summary>Its status page.</summary>
    public ref InstanceStatus Status => ref *State.Map.Status;

    /// <summary>Its crash page.</summary>
    public ref CrashRecord Crash => ref *State.Map.Crash;

    /// <summary>Runs kernel code on this instance's core.</summary>
    public void RunOnCore(Action action)
    {
        using IDisposable scope = Core.Use();
        action();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _peers.Dispose();
    }
}
