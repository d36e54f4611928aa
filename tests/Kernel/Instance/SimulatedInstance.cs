using Atoll.Abi;
using Atoll.Arch;
using Atoll.Boot;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Provision;
using Atoll.Links;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>One instance with its pages in host memory, on a core of its own.</summary>
internal sealed unsafe class SimulatedInstance : IDisposable
{
    /// <summary>Physical address of its private block.</summary>
    public const ulong PrivateBase = 0x50_0000;

    /// <summary>Pages of its private block.</summary>
    public const uint PrivatePages = 15;

    private readonly HostPages _own = new(6);
    private StatePage<TrialWork> _page;
    private readonly HostPages _peers = new(512);
    private readonly ImageInfo* _image;

    /// <summary>Makes a healthy member without links.</summary>
    /// <param name="core">Core number and APIC id.</param>
    /// <param name="machine">The core it runs on, when the test wants its own; its APIC id is the core number.</param>
    public SimulatedInstance(uint core = 1, SimulatedCore? machine = null)
    {
        _image = (ImageInfo*)_own.Page(3);
        *_image = SampleImage.Info();
        Core = machine ?? new SimulatedCore { LocalApic = new ApicModel { Id = core } };
        Core.Image = _image;
        State.Core = core;
        State.ApicId = core;
        State.Role = InstanceRole.Member;
        State.PrivateBase = PrivateBase;
        State.PrivatePages = PrivatePages;
        State.Clock = new Clock { TscHz = 1_000_000_000, ApicHz = 1_000_000_000 };
        State.Map.StatusPage = (InstanceStatus*)_own.Page(0);
        State.Map.CrashPage = (CrashRecord*)_own.Page(1);
        State.Map.PeerEntries = (ulong*)_own.Page(2);
        State.Map.PeerEntryCount = 512;
        State.Map.PeerBase = (ulong)_peers.Start;
        State.Map.Wake = (ulong*)_own.Page(4);
        State.Map.LinkPages = (LinkEntry*)_own.Page(5);
        State.Map.LinkCapacity = LinkEntry.CapacityOf(1);
        State.Map.Status.Life = LifeWord.Of(1, InstanceLifecycle.Healthy);
        State.Incarnation = 1;
        RunOnCore(() => State.Apic = LocalApic.Enable());
    }

    /// <summary>Its core.</summary>
    public SimulatedCore Core { get; }

    /// <summary>Its state block.</summary>
    public ref InstanceState State => ref _page.Instance;

    /// <summary>Its status page.</summary>
    public ref InstanceStatus Status => ref State.Map.Status;

    /// <summary>Its crash page.</summary>
    public ref CrashRecord Crash => ref State.Map.Crash;

    /// <summary>
    /// The pages of the peer region. Entries are only noted: what is at an address is one page here, whatever they say.
    /// </summary>
    public HostPages Peers => _peers;

    /// <summary>The page of a link.</summary>
    public byte* Page(uint position, LinkPage page) => _peers.Page((int)PeerMap.Slot(position, page));

    /// <summary>An entry of the peer tables.</summary>
    public ulong Entry(uint position, LinkPage page) => State.Map.PeerEntries[PeerMap.Slot(position, page)];

    /// <summary>Makes the pages of a link as whoever makes links leaves them, and plays the other end.</summary>
    public RawPeer Prepare(uint position, ulong life = 0x103)
    {
        for (LinkPage page = LinkPage.Receive; page <= LinkPage.Wake; page++)
        {
            new Span<byte>(Page(position, page), HostPages.PageBytes).Clear();
        }

        RingMemory.Prepare((RingSlot*)Page(position, LinkPage.Receive), RingSlot.PerPage);
        RingMemory.Prepare((RingSlot*)Page(position, LinkPage.Send), RingSlot.PerPage);
        *(ulong*)Page(position, LinkPage.Status) = life;
        return new RawPeer((RingSlot*)Page(position, LinkPage.Receive), (RingSlot*)Page(position, LinkPage.Send));
    }

    /// <summary>Opens a link at a position, to a peer that is played by hand and has said Hello.</summary>
    public RawPeer Connect(uint position, uint peer, ulong epoch = 1)
    {
        RawPeer raw = Prepare(position);
        RunOnCore(() =>
        {
            LinkOffer offer = new() { Peer = peer, PeerApicId = peer, Life = 0x103, Epoch = epoch };
            LinkTable.OpenMapped<TrialProfile>(ref State, position, in offer);
            raw.Send(kind: 1, epoch, Link.ProtocolVersion);
            LinkTurn.Receive<TrialProfile>(ref State);
        });
        Assert.Equal(LinkState.Open, State.Map.Link(position).Link.State);
        raw.TakeAll();
        return raw;
    }

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
