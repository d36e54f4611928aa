using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A thread of a simulated core that programs of other cores may ask: it does not run, and what was asked shows in its registers.</summary>
internal sealed unsafe class ControlledThread : IDisposable
{
    /// <summary>Number of the first register that tells which thread it is: where it goes on.</summary>
    public const ulong FirstRegister = 15;

    private readonly Thread* _thread = (Thread*)NativeMemory.AlignedAlloc(1 << ObjectSize.ThreadBits, 1 << ObjectSize.ThreadBits);
    private ulong _seen;

    /// <summary>As a capability names it.</summary>
    public ulong Address => (ulong)_thread;

    /// <summary>Its state.</summary>
    public ThreadState State => _thread->State;

    /// <summary>Its priority, and the most that it may give.</summary>
    public (byte Own, byte Most) Priority => (_thread->Priority, _thread->PriorityMax);

    /// <summary>Whether a mark was put on it since this was last set to false.</summary>
    public bool HasMark { get; set; }

    /// <summary>Where the thread of a core goes on.</summary>
    public static ulong EntryOf(uint core) => UserSpace.Start + (core << 4);

    /// <summary>Its flags: no two cores have the same.</summary>
    public static ulong FlagsOf(uint core) => UserFlags.Always | ((ulong)core << 32);

    /// <summary>A life of the core begins.</summary>
    public void Begin(uint core)
    {
        *_thread = default;
        _thread->State = ThreadState.Inactive;
        _thread->TableRoot = 1;
        _thread->Priority = 5;
        _thread->PriorityMax = 9;
        _thread->Context.Rip = EntryOf(core);
        _thread->Context.Rflags = FlagsOf(core);
        _seen = 0;
        HasMark = false;
    }

    /// <summary>Makes a capability of an empty slot.</summary>
    public void PutInto(ref CapabilitySlot slot)
    {
        slot.Type = CapabilityType.Thread;
        slot.Rights = CapabilityRights.All;
        slot.Object = Address;
    }

    /// <summary>Tells of a mark that was not told of before.</summary>
    public bool TryTakeMark(out ulong mark)
    {
        mark = _thread->Context.FsBase;
        bool isNew = mark != _seen;
        _seen = mark;
        HasMark |= isNew;
        return isNew;
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_thread);
}
