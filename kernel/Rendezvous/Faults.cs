using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Rendezvous;

/// <summary>Faults of programs: a message to the thread's fault endpoint, as if it had called; the answer decides how it goes on.</summary>
public static class Faults
{
    /// <summary>Stops a thread and tells its handler. Without one the thread stays stopped.</summary>
    /// <param name="scheduler">The core's.</param>
    /// <param name="thread">The running thread.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="address">What <see cref="FaultWords.Address"/> says.</param>
    public static void Raise(ref Scheduler scheduler, ObjectPointer<Thread> thread, FaultKind kind, ulong address)
    {
        ref Thread faulted = ref thread.Value;
        faulted.Fault = (uint)kind;
        faulted.FaultAddress = address;
        Dispatch.Withdraw(ref scheduler, thread);
        if (faulted.FaultEndpoint.Type != CapabilityType.Endpoint || (faulted.FaultEndpoint.Rights & CapabilityRights.Write) == 0)
        {
            faulted.State = ThreadState.Inactive;
            return;
        }

        // The deadline of an earlier call is none of the fault's.
        faulted.Flags = (faulted.Flags | ThreadFlags.IsFault) & ~(ThreadFlags.IsCall | ThreadFlags.IsTimed);
        faulted.SendBadge = faulted.FaultEndpoint.Badge;
        faulted.SendRights = faulted.FaultEndpoint.Rights;
        Endpoints.Send(ref scheduler, faulted.FaultEndpoint.Endpoint, thread, WaitBound.None);
    }

    /// <summary>Whether a thread that faulted goes on with an answer.</summary>
    /// <param name="answer">Registers of who answers. Untrusted.</param>
    public static bool GoesOn(ref readonly ThreadContext answer)
    {
        MessageHeader header = new(answer.Rsi);
        return header.Label == FaultWords.Resume && (header.Words <= FaultWords.Rip || answer.Rdx < UserSpace.End);
    }

    /// <summary>What the handler's answer does to a thread that faulted.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="answer">Registers of who answers. Untrusted.</param>
    /// <returns>Whether it goes on.</returns>
    public static bool Resume(ref Thread thread, ref readonly ThreadContext answer)
    {
        thread.Flags &= ~ThreadFlags.IsFault;
        if (!GoesOn(in answer))
        {
            return false;
        }

        MessageHeader header = new(answer.Rsi);
        if (header.Words > FaultWords.Rip)
        {
            thread.Context.Rip = answer.Rdx;
        }

        if (header.Words > FaultWords.Address)
        {
            thread.Context.Rsp = answer.R10;
        }

        thread.Fault = (uint)FaultKind.None;
        return true;
    }
}
