using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Sched;

namespace Atoll.Rendezvous;

/// <summary>How long a thread may wait: not at all, until a time, or for ever.</summary>
public readonly struct WaitBound
{
    private const ulong Never = ulong.MaxValue;

    private readonly ulong _until;

    private WaitBound(ulong until) => _until = until;

    /// <summary>Until it is woken.</summary>
    public static WaitBound None => new(Never);

    /// <summary>Not at all.</summary>
    public static WaitBound Now => default;

    /// <summary>Whether it may wait.</summary>
    public bool MayWait => _until != 0;

    /// <summary>What a program asked for.</summary>
    /// <param name="number">RAX: flags beside the number.</param>
    /// <param name="deadline">R13: TSC ticks.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WaitBound Of(ulong number, ulong deadline) =>
        (number & SystemCallFlags.NonBlocking) != 0 ? new(0)
        : (number & SystemCallFlags.HasDeadline) != 0 ? new(deadline == 0 ? 1 : deadline)
        : None;

    /// <summary>Notes the deadline of a thread that is about to wait: a call that is received at once waits for its answer, too.</summary>
    /// <remarks>A call that does not wait for a receiver waits for the answer as long as it takes.</remarks>
    public void Remember(ref Thread thread)
    {
        if (MayWait && _until != Never)
        {
            thread.Deadline = _until;
            thread.Flags |= ThreadFlags.IsTimed;
        }
    }

    /// <summary>From now on the deadline counts that <see cref="Remember"/> noted.</summary>
    public static void Arm(ref Scheduler scheduler, ObjectPointer<Thread> thread)
    {
        if ((thread.Value.Flags & ThreadFlags.IsTimed) != 0)
        {
            scheduler.Deadlines.Add(thread);
        }
    }
}
