using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Irq;

/// <summary>What an interrupt of a device does on this core.</summary>
public struct IrqEntry
{
    /// <summary>Whether a handler capability exists for it.</summary>
    public bool IsUsed;

    /// <summary>Level-triggered: masked from its coming to its acknowledgement, so that it does not come again at once.</summary>
    public bool IsLevel;

    /// <summary>Line of the I/O APIC; <see cref="IrqTable.NoLine"/>: a message.</summary>
    public ushort Line;

    /// <summary>The notification that is signalled; null: none.</summary>
    public ObjectPointer<Notification> Notification;

    /// <summary>The bits.</summary>
    public ulong Badge;
}

/// <summary>The device interrupts of a core: one entry for each vector set aside for them.</summary>
/// <remarks>An interrupt in the kernel only marks its bit: the event loop signals. One from ring 3 is signalled at once.</remarks>
[PerCore]
[NonCopyable]
public struct IrqTable
{
    /// <summary>Not connected to the I/O APIC.</summary>
    public const ushort NoLine = 0xFFFF;

    /// <summary>The I/O APIC, on the core that has it.</summary>
    public IoApic Lines;

    private ObjectArray<IrqEntry> _entries;

    // Bit for each entry: it came while the kernel ran.
    private ulong _raised;

    /// <summary>Whether any came that nobody was told of.</summary>
    public readonly bool HasRaised => _raised != 0;

    /// <summary>An entry.</summary>
    public readonly ref IrqEntry this[uint index] => ref _entries[index];

    /// <summary>Gives the table its memory. Before, no device interrupt is known.</summary>
    /// <param name="address">Zeroed memory in the window.</param>
    public void Begin(ulong address) => _entries.Begin(address, InterruptVector.DeviceCount);

    /// <summary>Whether a vector belongs to a device.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static bool Owns(ulong vector) => vector - InterruptVector.FirstDevice < InterruptVector.DeviceCount;

    /// <summary>Marks an interrupt, from the kernel's own interrupt entry.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public void Mark(ulong vector) => _raised |= 1UL << (int)(vector - InterruptVector.FirstDevice);

    /// <summary>Takes what was marked.</summary>
    public ulong TakeRaised()
    {
        ulong raised = _raised;
        _raised = 0;
        return raised;
    }

    /// <summary>A free entry.</summary>
    /// <returns>Its number; <see cref="InterruptVector.DeviceCount"/>: none is free.</returns>
    public readonly uint FindFree()
    {
        for (uint index = 0; index < _entries.Count; index++)
        {
            if (!_entries[index].IsUsed)
            {
                return index;
            }
        }

        return InterruptVector.DeviceCount;
    }

    /// <summary>Whether a line is in use.</summary>
    public readonly bool IsLineUsed(ushort line)
    {
        for (uint index = 0; index < _entries.Count; index++)
        {
            if (_entries[index].IsUsed && _entries[index].Line == line)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Signals whoever listens to an interrupt that came.</summary>
    public void Raise(ref Scheduler scheduler, uint number)
    {
        ref IrqEntry entry = ref this[number];
        if (entry.IsLevel)
        {
            Lines.SetMask(entry.Line, isMasked: true);
        }

        if (!entry.Notification.IsNull)
        {
            Notifications.Signal(ref scheduler, entry.Notification, entry.Badge);
        }
    }

    /// <summary>Somebody listens from now on.</summary>
    public void Listen(uint number, ObjectPointer<Notification> notification, ulong badge)
    {
        ref IrqEntry entry = ref this[number];
        entry.Notification = notification;
        entry.Badge = badge;
        Unmask(in entry);
    }

    /// <summary>The device is served.</summary>
    public void Acknowledge(uint number)
    {
        if (this[number].IsLevel)
        {
            Unmask(in this[number]);
        }
    }

    /// <summary>Nobody listens any more.</summary>
    public void Silence(uint number)
    {
        ref IrqEntry entry = ref this[number];
        entry.Notification = default;
        if (entry.Line != NoLine)
        {
            Lines.SetMask(entry.Line, isMasked: true);
        }
    }

    /// <summary>The handler is gone: the vector and the line are free.</summary>
    public void Release(uint number)
    {
        Silence(number);
        this[number] = default;
    }

    /// <summary>A notification is gone: nothing signals it any more.</summary>
    public void Forget(ObjectPointer<Notification> notification)
    {
        for (uint number = 0; number < _entries.Count; number++)
        {
            if (this[number].IsUsed && this[number].Notification.Is(notification))
            {
                Silence(number);
            }
        }
    }

    private readonly void Unmask(ref readonly IrqEntry entry)
    {
        if (entry.Line != NoLine)
        {
            Lines.SetMask(entry.Line, isMasked: false);
        }
    }
}
