using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Remote;
using Atoll.Rendezvous;

namespace Atoll.Syscall;

/// <summary>Call and Send to an endpoint of another instance; operations on a thread there.</summary>
public static class RemoteSending
{
    /// <summary>Asks the home, and lets the thread wait for its answer. Without one nothing has changed.</summary>
    /// <param name="kernel">The core's.</param>
    /// <param name="current">The running thread; its message is in its context.</param>
    /// <param name="slot">A Remote.</param>
    /// <param name="kind">Whether it awaits an answer.</param>
    /// <param name="wait">How long it waits; not at all: for the home, which does not wait for a receiver.</param>
    /// <returns>Ok: it waits; OperationUnknown: it is a notification; RightMissing; ArgumentInvalid: the message does not fit; as <see cref="RemoteState.TryCall"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Outcome Begin(ref Microkernel kernel, ObjectPointer<Thread> current, ref readonly CapabilitySlot slot, ThreadFlags kind, WaitBound wait)
    {
        bool isCall = kind == ThreadFlags.IsCall;
        if ((CapabilityType)slot.SizeBits == CapabilityType.Notification)
        {
            return new Outcome(SystemResult.OperationUnknown);
        }

        CapabilityRights missing = CallRights.Missing(slot.Rights, isCall);
        if (missing != CapabilityRights.None)
        {
            return new Outcome(SystemResult.RightMissing, (ulong)missing);
        }

        ref Thread caller = ref current.Value;
        MessageHeader header = new(caller.Context.Rsi);
        if (header.Words > MessageHeader.RegisterWords || header.Label >> RemoteCall.LabelBits != 0)
        {
            return new Outcome(SystemResult.ArgumentInvalid);
        }

        RemoteCall call = default;
        call.IsCall = isCall;
        call.MayWait = wait.MayWait;
        call.Header = caller.Context.Rsi;
        call.Word0 = caller.Context.Rdx;
        call.Word1 = caller.Context.R10;
        call.Word2 = caller.Context.R8;
        call.Word3 = caller.Context.R9;
        caller.Flags = kind;
        wait.Remember(ref caller);
        return new Outcome(kernel.Remote.TryCall(ref kernel.Scheduler, current, (uint)slot.Object, in call));
    }
}
