using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Members;
using Atoll.Programs;
using Atoll.Sched;
using Atoll.Syscall;
using Atoll.Trap;

namespace Atoll.Boot;

/// <summary>The entries of an image of any profile. The only code that knows the address of an instance's state.</summary>
public static unsafe class Entry
{
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "InstanceBuilder maps the page, and the boot tables map a zeroed one there, before C# runs.")]
    private static ref InstanceState State => ref *(InstanceState*)ImageLayout.StatePage;

    [Trusted(Safety = "The entries from ring 3 pass the address of the state block, whose first member it is.")]
    private static ref Microkernel KernelAt(ulong state) => ref *(Microkernel*)state;

    [Trusted(Safety = "The entries from ring 3 pass the address of the state block, whose first member's first member it is.")]
    private static ref Scheduler SchedulerAt(ulong state) => ref *(Scheduler*)state;

    /// <summary>The boot processor's first instruction of C#. Never returns.</summary>
    /// <param name="startInfo">Physical address from the loader. Untrusted.</param>
    /// <param name="entryTsc">TSC at the first instruction.</param>
    public static void Boot<TProfile>(ulong startInfo, ulong entryTsc)
        where TProfile : unmanaged, IProfile => EarlyBoot.Run<TProfile>(ref State, startInfo, entryTsc);

    /// <summary>An instance's first instruction of C#. Never returns.</summary>
    /// <param name="entryTsc">TSC at the core's first instruction.</param>
    public static void Instance<TProfile>(ulong entryTsc)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceState state = ref State;
        Check.That(state.SchemaVersion == InstanceState.SchemaVersionValue);
        state.EntryTsc = entryTsc;
        if (state.Role == InstanceRole.Coordinator)
        {
            CoordinatorInstance.Run<TProfile>(ref state, ref CoordinatorState.Of(in state));
        }

        Member.Run<TProfile>(ref state);
    }

    /// <summary>An interrupt or exception.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Trap(ref readonly TrapFrame frame) => TrapHandler.Handle(ref State, in frame);

    /// <summary>Call: the fast path, an operation of a kernel object, or the long way.</summary>
    /// <param name="address">RDI: capability.</param>
    /// <param name="state">Where <see cref="State"/> is: as a parameter it need not be loaded time and again.</param>
    /// <param name="number">Unused: <see cref="Abi.SystemCall.Call"/>.</param>
    /// <param name="context">The thread's.</param>
    /// <param name="reply">Unused.</param>
    /// <param name="deadline">Unused.</param>
    /// <param name="flags">R11.</param>
    /// <param name="instructionPointer">RCX.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Call<TWay>(
        ulong address, ulong state, ulong number, ulong context, ulong reply, ulong deadline, ulong flags, ulong instructionPointer)
        where TWay : struct, ICallWay
    {
        ObjectPointer<Thread> current = Thread.OfContext(context);
        if (TWay.IsQuickTried && address < current.Value.PlainSlots)
        {
            ObjectPointer<CapabilitySlot> slot = CNode.Slot(current.Value.RootSlots, address);
            ObjectPointer<Thread> receiver = FastPath.TryCall(in SchedulerAt(state), current, in slot.Value, current.Value.Context.Rsi);
            if (!receiver.IsNull)
            {
                return FastPath.SwitchTo(ref SchedulerAt(state), receiver);
            }

            if (Operations.AreAtOnce(in slot.Value, current.Value.Context.Rsi))
            {
                return Operations.InvokeAtOnce(ref KernelAt(state), current, slot);
            }

            if (Operations.Are(in slot.Value))
            {
                return Operate(address, flags, instructionPointer);
            }
        }

        return Long<TWay>(address, (ulong)Abi.SystemCall.Call, 0, 0, flags, instructionPointer);
    }

    /// <summary>ReplyReceive: the fast path, or the long way.</summary>
    /// <param name="address">RDI: endpoint.</param>
    /// <param name="state">Where <see cref="State"/> is: as a parameter it need not be loaded time and again.</param>
    /// <param name="number">Unused: <see cref="Abi.SystemCall.ReplyReceive"/>.</param>
    /// <param name="context">The thread's.</param>
    /// <param name="reply">R12: reply capability.</param>
    /// <param name="deadline">Unused.</param>
    /// <param name="flags">R11.</param>
    /// <param name="instructionPointer">RCX.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReplyReceive<TWay>(
        ulong address, ulong state, ulong number, ulong context, ulong reply, ulong deadline, ulong flags, ulong instructionPointer)
        where TWay : struct, ICallWay
    {
        ObjectPointer<Thread> current = Thread.OfContext(context);
        ref readonly Thread server = ref current.Value;
        if (TWay.IsQuickTried && address < server.PlainSlots && reply < server.PlainSlots)
        {
            ObjectPointer<CapabilitySlot> slot = CNode.Slot(server.RootSlots, address);
            ObjectPointer<CapabilitySlot> replySlot = CNode.Slot(server.RootSlots, reply);
            ObjectPointer<Thread> caller = FastPath.TryReplyReceive(
                in SchedulerAt(state), current, in slot.Value, in replySlot.Value, current.Value.Context.Rsi);
            if (!caller.IsNull)
            {
                return FastPath.SwitchTo(ref SchedulerAt(state), caller);
            }
        }

        return Long<TWay>(address, (ulong)Abi.SystemCall.ReplyReceive, reply, 0, flags, instructionPointer);
    }

    /// <summary>Any other system call: nothing, a signal that wakes nobody, or the long way.</summary>
    /// <param name="address">RDI: capability.</param>
    /// <param name="state">Unused.</param>
    /// <param name="number">RAX.</param>
    /// <param name="context">The thread's.</param>
    /// <param name="reply">R12: reply capability.</param>
    /// <param name="deadline">R13.</param>
    /// <param name="flags">R11.</param>
    /// <param name="instructionPointer">RCX.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SystemCall<TWay>(
        ulong address, ulong state, ulong number, ulong context, ulong reply, ulong deadline, ulong flags, ulong instructionPointer)
        where TWay : struct, ICallWay
    {
        ObjectPointer<Thread> caller = Thread.OfContext(context);
        if (TWay.IsQuickTried && number == (ulong)Abi.SystemCall.None)
        {
            caller.Value.Context.Rax = (ulong)SystemResult.Ok;
            return ExitWord.SameThread;
        }

        if (TWay.IsQuickTried && number == (ulong)Abi.SystemCall.Send && address < caller.Value.PlainSlots
            && FastPath.CanSignal(in CNode.Slot(caller.Value.RootSlots, address).Value))
        {
            return FastPath.Signal(caller, CNode.Slot(caller.Value.RootSlots, address));
        }

        return Long<TWay>(address, number, reply, deadline, flags, instructionPointer);
    }

    /// <summary>An interrupt or exception in ring 3.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    public static ulong UserTrap<TWay>()
        where TWay : struct, ICallWay => UserEntry.Trap(ref State, TWay.IsQuickTried);

    /// <summary>No program can run: the event loop, on an empty stack. Never returns.</summary>
    public static void Idle<TProfile>()
        where TProfile : unmanaged, IProfile
    {
        ref InstanceState state = ref State;
        if (state.Role == InstanceRole.Coordinator)
        {
            CoordinatorInstance.Live<TProfile>(ref state, ref CoordinatorState.Of(in state));
        }

        Member.Live<TProfile>(ref state);
    }

    // Messages that the fast path is not for, and all that waits. Frames of their own, so that the fast paths have none. No more parameters than there are registers for: others would be copied onto the
    // stack to where the entry keeps the way back, which the proof forbids.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Long<TWay>(ulong address, ulong number, ulong reply, ulong deadline, ulong flags, ulong instructionPointer)
        where TWay : struct, ICallWay
    {
        ref InstanceState state = ref State;
        ObjectPointer<Thread> caller = SaveReturn(in state.Kernel.Scheduler, flags, instructionPointer);
        if (TWay.IsQuickTried && number <= (ulong)Abi.SystemCall.ReplyReceive)
        {
            ulong next = HandOver.Try(ref state.Kernel.Scheduler, caller, number, address, reply);
            if (next != 0)
            {
                return next;
            }
        }
        else if (TWay.IsQuickTried)
        {
            ulong next = UserEntry.TrySignal(ref state, caller, number, address);
            if (next != 0)
            {
                return next;
            }
        }

        return UserEntry.SystemCall(ref state, address, number, reply, deadline);
    }

    // An operation on a plain slot.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Operate(ulong address, ulong flags, ulong instructionPointer)
    {
        ref InstanceState state = ref State;
        ObjectPointer<Thread> caller = SaveReturn(in state.Kernel.Scheduler, flags, instructionPointer);
        return UserEntry.Operate(ref state, caller, CNode.Slot(caller.Value.RootSlots, address));
    }

    // Where the thread goes on is only known on the way in; faults and the thread's own operations tell it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ObjectPointer<Thread> SaveReturn(ref readonly Scheduler scheduler, ulong flags, ulong instructionPointer)
    {
        ObjectPointer<Thread> caller = Thread.OfContext(scheduler.Entry.Current);
        ref ThreadContext context = ref caller.Value.Context;
        context.Rip = instructionPointer;
        context.Rflags = flags;
        context.Rsp = scheduler.Entry.UserRsp;
        return caller;
    }
}
