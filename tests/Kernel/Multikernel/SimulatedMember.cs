using Atoll.Abi;
using Atoll.Arch;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Multikernel.Stores;
using Atoll.Kernel.Tests.Provision;
using Atoll.Mm;
using Atoll.Trap;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>What an instance of a simulated machine is doing.</summary>
internal enum Activity
{
    /// <summary>The core waits for a start-up interrupt.</summary>
    Off,

    /// <summary>Started; its first instruction comes with its first turn.</summary>
    Starting,

    /// <summary>Between two turns.</summary>
    Running,

    /// <summary>Halted.</summary>
    Asleep,

    /// <summary>Dead: halted with interrupts off.</summary>
    Parked,
}

/// <summary>
/// One instance of a simulated machine: its state block in the machine's memory, its core, its peer region.
/// </summary>
internal sealed unsafe class SimulatedMember(uint core, MultikernelCore machine, PeerWindow window)
{
    /// <summary>Core number.</summary>
    public uint Number { get; } = core;

    /// <summary>The core.</summary>
    public MultikernelCore Core { get; } = machine;

    /// <summary>The state block.</summary>
    public InstanceState* State { get; private set; }

    /// <summary>What it is doing.</summary>
    public Activity Activity { get; set; }

    /// <summary>Until when it takes no turn, although it is not dead; null: it does not hang.</summary>
    public ulong? HungUntil { get; private set; }

    /// <summary>Whether it hangs now.</summary>
    public bool IsHung => HungUntil is ulong until && Core.Now < until;

    /// <summary>Hangs: takes no turn until then.</summary>
    public void HangUntil(ulong time)
    {
        HungUntil = time;
        Core.Stepping = () => { };
    }

    /// <summary>Hangs for ever, in the middle of whatever it does next.</summary>
    /// <param name="steps">Instructions that the machine sees until then, at least 1.</param>
    public void HangAfter(int steps) => Core.Stepping = () =>
    {
        if (--steps == 0)
        {
            HangUntil(ulong.MaxValue);
            throw new YieldException();
        }
    };

    /// <summary>Stops, as INIT does. What it had stored arrives.</summary>
    public void Stop()
    {
        Core.Stores.Drain();
        Activity = Activity.Off;
        HungUntil = null;
        Core.Stepping = () => { };
    }

    /// <summary>Links whose pages were mapped in this life.</summary>
    public ulong LinksTaken { get; private set; }

    /// <summary>Links whose pages were unmapped in this life.</summary>
    public ulong LinksLost { get; private set; }

    /// <summary>Told of each page that the frame window opens for writing.</summary>
    public Action<ulong>? OpeningWindow { get; set; }

    /// <summary>Whether it can take a turn now.</summary>
    public bool IsRunnable =>
        !IsHung && (Activity is Activity.Starting or Activity.Running || (Activity == Activity.Asleep && Core.MustWake));

    /// <summary>Whether it can take a turn now or later, as far as anybody knows who does not know that it hangs.</summary>
    public bool IsAlive => Activity is Activity.Starting or Activity.Running or Activity.Asleep;

    /// <summary>Pages of the links that are mapped, by slot.</summary>
    public IEnumerable<(uint Slot, ulong Page)> MappedPages()
    {
        for (uint slot = 0; slot < LinkSlots; slot++)
        {
            if (EntryAt(slot) != PageTableEntry.NotPresent)
            {
                yield return (slot, EntryAt(slot) & PageTableEntry.AddressMask);
            }
        }
    }

    private uint LinkSlots => State->LinkCount * PeerMap.PagesPerLink;

    private ulong EntryAt(uint slot) => State->Map.PeerEntries[slot];

    /// <summary>Begins a life: the block that the coordinator has filled in, seen from the host.</summary>
    public void Begin(SharedRam ram, in InstancePlan plan)
    {
        State = (InstanceState*)ram.Page(plan.AddressOf(PageKind.State));
        ref InstanceMap map = ref State->Map;
        map.StatusPage = (InstanceStatus*)ram.Page(plan.AddressOf(PageKind.Status));
        map.CrashPage = (CrashRecord*)ram.Page(plan.AddressOf(PageKind.Crash));
        map.Wake = (ulong*)ram.Page(plan.AddressOf(PageKind.Wake));
        map.LinkPages = (LinkEntry*)ram.Page(plan.AddressOf(PageKind.Links));
        map.LinkCapacity = LinkEntry.CapacityOf(plan.LinkPages);
        map.PeerEntries = (ulong*)ram.Page(plan.AddressOf(PageKind.PeerTable));
        map.PeerEntryCount = plan.PeerTables * 512;
        map.PeerBase = (ulong)window.Start;
        if (plan.CoordinatorPages != 0)
        {
            map.CoordinatorPages = (Page*)ram.Page(plan.AddressOf(PageKind.Coordinator));
        }

        LinksTaken = 0;
        LinksLost = 0;
        Core.Deadline = null;
        Core.IsInterruptPending = false;
        Core.Translating = Translate;
        for (uint slot = 0; slot < map.PeerEntryCount; slot++)
        {
            window.Apply(slot, map.PeerEntries[slot]);
            LinksTaken += IsLink(slot) && map.PeerEntries[slot] != 0 ? 1UL : 0;
        }

        Activity = Activity.Starting;
    }

    /// <summary>
    /// Runs kernel code on this core. A failed check is the trap that it is on the machine; parking ends it all.
    /// </summary>
    public void Run(Action code)
    {
        using IDisposable scope = Core.Use();
        StoreBuffer? outer = StoreBuffer.Running;
        StoreBuffer.Running = Core.Stores;
        try
        {
            try
            {
                code();
            }
            catch (CheckFailedException)
            {
                TrapHandler.Handle(ref *State, new TrapFrame { Vector = 0x20, Rip = SampleImage.VirtualBase + 4 });
            }
        }
        catch (ParkedException)
        {
            Activity = Activity.Parked;
        }
        catch (YieldException)
        {
        }
        finally
        {
            StoreBuffer.Running = outer;
        }
    }

    // A link is its receive ring; the last two slots are the coordinator's frame window.
    private bool IsLink(uint slot) =>
        slot % 4 == 0 && slot < State->Map.LinkCapacity * 4 && slot < State->Map.PeerEntryCount - 2;

    private void Translate(nint entry, ulong value)
    {
        uint slot = (uint)((ulong*)entry - State->Map.PeerEntries);
        window.Apply(slot, value);

        // The last slot is the one that the frame window writes through.
        if (slot == State->Map.PeerEntryCount - 1 && value != PageTableEntry.NotPresent)
        {
            OpeningWindow?.Invoke(value & PageTableEntry.AddressMask);
        }

        LinksTaken += IsLink(slot) && value != 0 ? 1UL : 0;
        LinksLost += IsLink(slot) && value == 0 ? 1UL : 0;
    }
}
