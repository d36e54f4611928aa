using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Atoll.Rendezvous;
using Atoll.Sched;

namespace Atoll.Syscall;

/// <summary>Every system call, the long way. The only code that sees what programs say, and believes none of it.</summary>
/// <remarks>
/// What the program passed is in its thread's context before anything else happens, and the results go there: whoever
/// continues the thread finds them. Each call decodes first and changes something only when nothing can fail any more.
/// </remarks>
public static class SystemCalls
{
    /// <summary>Does what the running thread asks.</summary>
    /// <param name="kernel">The core's.</param>
    /// <param name="number">RAX.</param>
    /// <param name="address">RDI: a capability.</param>
    /// <param name="replyAddress">R12: a reply capability.</param>
    /// <param name="deadline">R13: TSC ticks.</param>
    /// <returns>An <see cref="ExitWord"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Handle(ref Microkernel kernel, ulong number, ulong address, ulong replyAddress, ulong deadline)
    {
        ref Scheduler scheduler = ref kernel.Scheduler;
        ObjectPointer<Thread> current = scheduler.Current;
        current.Value.SystemCalls++;
        kernel.Figures.SystemCalls++;
        WaitBound wait = WaitBound.Of(number, deadline);
        switch ((SystemCall)(number & SystemCallFlags.NumberMask))
        {
            case SystemCall.None:
                current.Value.Context.Rax = (ulong)SystemResult.Ok;
                break;
            case SystemCall.Call:
                Sending.Call(ref kernel, current, address, wait);
                break;
            case SystemCall.ReplyReceive:
                Receiving.ReplyReceive(ref scheduler, current, address, replyAddress, wait);
                break;
            case SystemCall.Send:
                Sending.Send(ref kernel, current, address, wait);
                break;
            case SystemCall.Receive:
                if ((number & SystemCallFlags.Rings) != 0)
                {
                    ChannelOperations.RingTwo(ref kernel, current);
                }

                Receiving.Receive(ref scheduler, current, address, replyAddress, wait);
                break;
            case SystemCall.Yield:
                current.Value.Context.Rax = (ulong)SystemResult.Ok;
                Budgets.Settle(ref scheduler, Cpu.ReadTsc());
                Dispatch.Yield(ref scheduler);
                break;
            default:
                // The thread goes on with the registers that it passed, if its handler lets it.
                current.Value.Context.Rax = number;
                current.Value.Context.Rdi = address;
                Faults.Raise(ref scheduler, current, FaultKind.UnknownSystemCall, number);
                break;
        }

        return Dispatch.Next(ref scheduler);
    }
}
