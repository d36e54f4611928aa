using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Coordinator;

/// <summary>Decides what follows from the state of a core: for the order that is under way, or by the policy.</summary>
/// <remarks>Decides only. A change of state is judged once: whatever the coordinator remembers of it is in the note.</remarks>
public static class CorePlan
{
    /// <summary>Whether an order can be followed at all.</summary>
    public static CoresAnswer Fits(CoreOrder order, MemberState state) => order switch
    {
        CoreOrder.Start => state == MemberState.Healthy ? CoresAnswer.NothingToDo : CoresAnswer.Done,
        CoreOrder.Stop => state is MemberState.Empty or MemberState.Failed ? CoresAnswer.NothingToDo : CoresAnswer.Done,
        CoreOrder.Restart => CoresAnswer.Done,
        _ => state is MemberState.Empty or MemberState.Failed or MemberState.Dead ? CoresAnswer.NothingToDo : CoresAnswer.Done,
    };

    /// <summary>Judges a change of state.</summary>
    /// <param name="note">What is known of the core, and will be.</param>
    /// <param name="member">How it is now.</param>
    /// <param name="change">Number of the change.</param>
    /// <param name="policy">What becomes of the dead.</param>
    /// <param name="now">Seconds since the machine was started.</param>
    /// <returns>The step that the kernel is to take.</returns>
    public static MemberOrder Judge(ref CoreNote note, in MemberFigures member, ulong change, RestartPolicy policy, uint now)
    {
        note.Judged = (uint)change;
        MemberOrder step = note.IsUnderWay ? Follow(ref note, member.State) : MemberOrder.None;

        // A death that no order is waiting for, or that has ended one: the dead that an order stops or starts again take a step.
        return step == MemberOrder.None && member.State == MemberState.Dead && policy.TryTake(ref note, now) ? MemberOrder.Start : step;
    }

    private static MemberOrder Follow(ref CoreNote note, MemberState state)
    {
        switch (state)
        {
            case MemberState.Healthy:
                return FollowLiving(ref note);
            case MemberState.Dead:
                return FollowDead(ref note);
            case MemberState.Empty:
            case MemberState.Failed:
                return FollowEmpty(ref note, state);
            default:
                // Another state follows, and is judged.
                return MemberOrder.None;
        }
    }

    private static MemberOrder FollowLiving(ref CoreNote note)
    {
        if (note.Order == CoreOrder.Start || (note.Order == CoreOrder.Restart && note.HasBegun))
        {
            note.Outcome = OrderOutcome.Done;
            return MemberOrder.None;
        }

        return note.Order == CoreOrder.Panic ? MemberOrder.Panic : note.Order == CoreOrder.Hang ? MemberOrder.Hang : MemberOrder.Stop;
    }

    private static MemberOrder FollowDead(ref CoreNote note)
    {
        if (note.Order == CoreOrder.Stop)
        {
            return MemberOrder.Release;
        }

        if (note.Order is CoreOrder.Start or CoreOrder.Restart)
        {
            return Begin(ref note);
        }

        note.Outcome = OrderOutcome.Done;
        return MemberOrder.None;
    }

    private static MemberOrder FollowEmpty(ref CoreNote note, MemberState state)
    {
        if (note.Order is CoreOrder.Start or CoreOrder.Restart)
        {
            return Begin(ref note);
        }

        // Whoever was to be killed is gone, one way or another.
        note.Outcome = note.Order == CoreOrder.Stop || state == MemberState.Empty ? OrderOutcome.Done : OrderOutcome.Failed;
        return MemberOrder.None;
    }

    // One start for each order: an instance that does not come up is told, not tried again.
    private static MemberOrder Begin(ref CoreNote note)
    {
        if (note.HasBegun)
        {
            note.Outcome = OrderOutcome.Failed;
            return MemberOrder.None;
        }

        note.HasBegun = true;
        return MemberOrder.Start;
    }
}
