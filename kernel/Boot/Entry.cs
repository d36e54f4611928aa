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

    /// <summary>Call: the fast path, or the long way.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Call(
        ulong address, ulong header, ulong word0, ulong word1, ulong word2, ulong word3, ulong flags, ulong instructionPointer)
    {
        ref InstanceState state = ref State;
        ulong next = FastPath.TryCall(ref state.Kernel.Scheduler, address, header, word0, word1, word2, word3);
        if (next != 0)
        {
            return next;
        }

        UserEntry.SaveMessage(ref state.Kernel.Scheduler, header, word0, word1, word2, word3);
        return Long(address, (ulong)Abi.SystemCall.Call, 0, 0, flags, instructionPointer);
    }

    /// <summary>ReplyReceive: the fast path, or the long way.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReplyReceive(
        ulong address, ulong header, ulong word0, ulong word1, ulong word2, ulong word3, ulong reply, ulong flags, ulong instructionPointer)
    {
        ref InstanceState state = ref State;
        ulong next = FastPath.TryReplyReceive(ref state.Kernel.Scheduler, address, header, word0, word1, word2, word3, reply);
        if (next != 0)
        {
            return next;
        }

        UserEntry.SaveMessage(ref state.Kernel.Scheduler, header, word0, word1, word2, word3);
        return Long(address, (ulong)Abi.SystemCall.ReplyReceive, reply, 0, flags, instructionPointer);
    }

    /// <summary>Any other system call.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SystemCall(
        ulong address,
        ulong header,
        ulong word0,
        ulong word1,
        ulong word2,
        ulong word3,
        ulong number,
        ulong reply,
        ulong deadline,
        ulong flags,
        ulong instructionPointer)
    {
        UserEntry.SaveMessage(ref State.Kernel.Scheduler, header, word0, word1, word2, word3);
        return Long(address, number, reply, deadline, flags, instructionPointer);
    }

    /// <summary>An interrupt or exception in ring 3.</summary>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    public static ulong UserTrap() => UserEntry.Trap(ref State);

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

    // A frame of its own, so that the fast path has none.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Long(ulong address, ulong number, ulong reply, ulong deadline, ulong flags, ulong instructionPointer)
    {
        ref InstanceState state = ref State;
        ref Scheduler scheduler = ref state.Kernel.Scheduler;
        ref ThreadContext context = ref Thread.OfContext(scheduler.Entry.Current).Value.Context;
        context.Rip = instructionPointer;
        context.Rflags = flags;
        context.Rsp = scheduler.Entry.UserRsp;
        return UserEntry.SystemCall(ref state, address, number, reply, deadline);
    }
}
