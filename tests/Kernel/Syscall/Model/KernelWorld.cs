using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Sched;
using Atoll.Syscall;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>One instance's kernel for programs on the host: the product's code over memory of the test, and programs that have registers
/// but no code.</summary>
/// <remarks>
/// Physical addresses are host addresses. One root CNode holds a capability to everything; programs have it as their CSpace, plain or
/// behind a guard.
/// </remarks>
public sealed unsafe partial class KernelWorld : IDisposable
{
    /// <summary>log2 of the root CNode's slots.</summary>
    public const byte RootRadix = 10;

    /// <summary>log2 of the bytes of the untyped memory.</summary>
    public const byte UntypedBits = 19;

    /// <summary>TSC ticks in a microsecond: time in tests is microseconds.</summary>
    public const ulong TicksPerMicrosecond = 1;

    /// <summary>Guard of the CSpaces that are not plain: 54 bits.</summary>
    public const ulong Guard = 5;

    public const uint CNodeSlot = 1, UntypedSlot = 2, SchedulingSlot = 3, IrqSlot = 4, PortSlot = 5, InstanceSlot = 6, GuardedSlot = 7;
    private const uint FirstFree = 16;
    private const ulong UntypedOffset = 1 << UntypedBits;
    private const nuint BlockBytes = 2 << UntypedBits;

    private readonly byte* _block = (byte*)NativeMemory.AlignedAlloc(BlockBytes, BlockBytes);
    private readonly IDisposable _scope;
    private readonly Dictionary<uint, uint> _memory = [];

    /// <summary>Makes a world without programs.</summary>
    public KernelWorld(CallPath path)
    {
        Path = path;
        Machine = new ProgramCore();
        _scope = Machine.Use();
        Reset();
    }

    /// <summary>What is tried before the long way.</summary>
    public CallPath Path { get; set; }

    /// <summary>The core.</summary>
    public ProgramCore Machine { get; }

    /// <summary>The kernel's state; as in an instance it does not move.</summary>
    public ref Microkernel Kernel => ref *(Microkernel*)(_block + 0x8000);

    /// <summary>The scheduler's.</summary>
    public ref Scheduler Scheduler => ref Kernel.Scheduler;

    /// <summary>Address of the first thread of each ready queue, by priority; 0: none. The last member of the scheduler's queues.</summary>
    public ReadOnlySpan<ulong> ReadyHeads =>
        MemoryMarshal.Cast<ReadyQueues, ulong>(new ReadOnlySpan<ReadyQueues>(ref Scheduler.Ready))[^ReadyQueues.Priorities..];

    /// <summary>Programs, in the order in which they were spawned.</summary>
    public List<Program> Programs { get; } = [];

    /// <summary>Next slot of the root CNode that nothing was put into.</summary>
    public uint NextFree { get; set; }

    /// <summary>Back to the first moment. What was in the memory stays there, as after a reset of the machine.</summary>
    public void Reset()
    {
        new Span<byte>(_block, 1 << 17).Clear();
        new Span<byte>(_block + UntypedOffset, 1 << UntypedBits).Fill(0xDB);
        Programs.Clear();
        _memory.Clear();
        NextFree = FirstFree;
        Machine.Now = 1000;
        Machine.PortWrites.Clear();
        _cpu = default;
        TimerAt = ulong.MaxValue;
        ref Microkernel kernel = ref Kernel;
        kernel.TscHz = 1_000_000 * TicksPerMicrosecond;
        kernel.Interrupts.Begin(Address(0x2000));
        kernel.Interrupts.Lines = IoApic.Open();
        kernel.Capabilities.Spaces.Begin(Address(0x3000), 64);
        kernel.Capabilities.KernelEntry = Address(0x5000) | 0x23;
        kernel.Scheduler.KernelTables = Address(0x4000);
        kernel.Scheduler.LoadedTables = kernel.Scheduler.KernelTables;
        Machine.PageTables = kernel.Scheduler.KernelTables;
        RootCapabilities.CNode(Root(CNodeSlot), RootNode, RootRadix);
        RootCapabilities.Untyped(Root(UntypedSlot), Address(UntypedOffset), UntypedBits);
        RootCapabilities.Control(Root(SchedulingSlot), CapabilityType.SchedulingControl);
        RootCapabilities.Control(Root(IrqSlot), CapabilityType.IrqControl);
        RootCapabilities.Control(Root(PortSlot), CapabilityType.IoPortControl);
        RootCapabilities.Control(Root(InstanceSlot), CapabilityType.InstanceControl);
        Demand(Copying.Mint(Root(CNodeSlot), Root(GuardedSlot), CapabilityRights.All, CNodeGuard.Of(64 - RootRadix, Guard).Raw));
    }

    /// <summary>A slot of the root CNode.</summary>
    public ObjectPointer<CapabilitySlot> Root(uint index) => RootCapabilities.SlotsAt(RootNode + (index * 64UL));

    /// <summary>What a slot of the root CNode holds.</summary>
    public ref CapabilitySlot Slot(uint index) => ref Root(index).Value;

    /// <summary>Makes an object of the untyped memory.</summary>
    /// <returns>Slot of its capability.</returns>
    public uint Make(CapabilityType type, byte sizeBits = 0, uint from = UntypedSlot)
    {
        uint slot = NextFree++;
        MakeAt(slot, type, sizeBits, from);
        return slot;
    }

    /// <summary>Makes an object, in a slot that is empty.</summary>
    public void MakeAt(uint slot, CapabilityType type, byte sizeBits = 0, uint from = UntypedSlot)
    {
        Outcome outcome;
        do
        {
            outcome = Retype.Decode(
                in Kernel.Capabilities, Root(from), RetypeRequest.Of(type, sizeBits), in Slot(CNodeSlot), slot, out RetypePlan plan);
            Demand(outcome);
            outcome = Retype.Commit(ref Kernel.Capabilities, in plan);
        }
        while (outcome.Result == SystemResult.Again);
        Demand(outcome);
    }

    /// <summary>Makes an object of memory of its own, so that another can be made in the same place when it is gone.</summary>
    /// <returns>Slot of its capability.</returns>
    public uint MakeAlone(CapabilityType type, byte memoryBits)
    {
        uint memory = Make(CapabilityType.Untyped, memoryBits);
        uint slot = Make(type, from: memory);
        _memory[slot] = memory;
        return slot;
    }

    /// <summary>Makes the object of a slot again, in the same memory. Nothing may be left of the old one.</summary>
    public void MakeAgain(uint slot, CapabilityType type)
    {
        Demand(UntypedReset.Reset(ref Slot(_memory[slot])));
        MakeAt(slot, type, from: _memory[slot]);
    }

    /// <summary>Derives a capability.</summary>
    /// <returns>Slot of the new one.</returns>
    public uint Mint(uint source, CapabilityRights rights = CapabilityRights.All, ulong badge = 0)
    {
        uint slot = NextFree++;
        MintAt(slot, source, rights, badge);
        return slot;
    }

    /// <summary>Derives a capability, in a slot that is empty.</summary>
    public void MintAt(uint slot, uint source, CapabilityRights rights, ulong badge) =>
        Demand(badge == 0 ? Copying.Derive(Root(source), Root(slot), rights) : Copying.Mint(Root(source), Root(slot), rights, badge));

    /// <summary>Whether nothing is left of the object that was made in a slot.</summary>
    public bool IsFree(uint slot) => !Slot(_memory[slot]).HasChildren;

    /// <summary>Makes a program with a thread that is ready to run, in an address space and with a message buffer of its own.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="priority">Priority; it may give as much.</param>
    /// <param name="budget">Microseconds.</param>
    /// <param name="period">Microseconds; equal: no limit.</param>
    /// <param name="isPassive">Without time of its own.</param>
    /// <param name="handler">Slot of its fault endpoint; 0: none.</param>
    /// <param name="isGuarded">Its addresses take the long way.</param>
    public Program Spawn(
        string name, byte priority, ulong budget = 10_000, ulong period = 10_000, bool isPassive = false, uint handler = 0,
            bool isGuarded = false)
    {
        uint thread = MakeAlone(CapabilityType.Thread, ObjectSize.ThreadBits);
        uint time = MakeAlone(CapabilityType.SchedulingContext, ObjectSize.SchedulingContextBits);
        uint space = Make(CapabilityType.VSpace);
        uint frame = Make(CapabilityType.Frame, ObjectSize.FrameBits);
        var program = new Program(name, thread, time, space, frame, isGuarded ? Guard << RootRadix : 0)
        {
            Thread = Slot(thread).Thread,
            Time = Slot(time).SchedulingContext,
        };
        Programs.Add(program);
        Prepare(program, priority, handler);
        program.Time.Value.Budget = budget * TicksPerMicrosecond;
        program.Time.Value.Period = period * TicksPerMicrosecond;
        Budgets.Refill(ref program.Time.Value);
        if (!isPassive)
        {
            program.Time.Value.Thread = program.Thread;
            Dispatch.SetTime(ref Scheduler, program.Thread, program.Time);
        }

        Dispatch.Wake(ref Scheduler, program.Thread);
        return program;
    }

    /// <summary>Gives a new thread all but time: it does not run yet.</summary>
    public void Prepare(Program program, byte priority, uint handler = 0)
    {
        Demand(ThreadSlots.Set<ObjectLife, Microkernel>(
            ref Kernel,
            program.Thread,
            Root(program.Base == 0 ? CNodeSlot : GuardedSlot),
            Root(program.SpaceSlot),
            handler == 0 ? default : Root(handler),
            Root(program.FrameSlot)));
        ThreadRegisters.Clear(ref program.Record);
        program.Record.Priority = priority;
        program.Record.PriorityMax = priority;
        program.Context.Rip = 0x40_0000 + (0x1000UL * program.Slot);
        program.Context.Rsp = 0x7FFF_0000 + (0x1000UL * program.Slot);
        program.Context.Rbx = Tag(program);
    }

    /// <summary>What a program keeps in a register that the kernel never touches.</summary>
    public ulong Tag(Program program) => 0xFACE_0000_0000_0000 | program.Slot;

    /// <summary>A program's message buffer.</summary>
    public ref MessageBuffer Buffer(Program program) => ref *(MessageBuffer*)Slot(program.FrameSlot).Object;

    /// <summary>The program whose thread it is; null: none.</summary>
    public Program? ProgramOf(ObjectPointer<Thread> thread) =>
        thread.IsNull ? null : Programs.FirstOrDefault(program => program.Thread.Is(thread));

    public ObjectPointer<Endpoint> Endpoint(uint slot) => Slot(slot).Endpoint;

    public ObjectPointer<Notification> Notification(uint slot) => Slot(slot).Notification;

    public ObjectPointer<Reply> Reply(uint slot) => Slot(slot).Reply;

    public void Dispose()
    {
        _scope.Dispose();
        NativeMemory.AlignedFree(_block);
    }

    private ulong RootNode => Address(1 << 16);

    private static void Demand(Outcome outcome) =>
        MismatchException.ThrowUnlessEqual(SystemResult.Ok, outcome.Result, "outcome of a preparation");

    private ulong Address(ulong offset) => (ulong)_block + offset;
}
