using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>What becomes of the machine's cores: the coordinator's, for whoever looks and whoever orders.</summary>
[Protocol("cores", version: 1)]
public interface ICores
{
    /// <summary>Orders what is to become of a core. It is done step by step after the answer; <see cref="Outcome"/> says how it ended.</summary>
    /// <param name="core">Which, but not the first.</param>
    /// <param name="order">What.</param>
    /// <param name="number">Number of the order among those for this core, from 1; 0: it was not accepted.</param>
    CoresAnswer Order(uint core, CoreOrder order, out uint number);

    /// <summary>Tells how the last order for a core ended. Every order that was accepted ends once, also when the coordinator was started again meanwhile.</summary>
    /// <param name="core">Which.</param>
    /// <param name="number">Number of the order; 0: there was none.</param>
    /// <param name="order">What was ordered.</param>
    /// <param name="ended">How it ended, or that it has not.</param>
    /// <param name="restartsLeft">How often the policy still starts this core again, in the window of time that is now.</param>
    CoresAnswer Outcome(uint core, out uint number, out CoreOrder order, out OrderOutcome ended, out uint restartsLeft);

    /// <summary>Tells how many events there were.</summary>
    /// <param name="oldest">Number of the oldest that is still known: what a reader lacks below it, it has missed.</param>
    /// <returns>One more than the number of the newest.</returns>
    ulong Events(out ulong oldest);

    /// <summary>Tells about the first event from a number on. Numbers that are left out were passed over: the core had changed again before the coordinator looked.</summary>
    /// <param name="from">The number.</param>
    /// <param name="number">Number of the event.</param>
    /// <param name="core">Whose state changed.</param>
    /// <param name="state">What it became.</param>
    /// <param name="cause">Why.</param>
    /// <param name="life">Which life of the core, from 1.</param>
    /// <param name="milliseconds">Since the machine was started.</param>
    /// <returns>False: there is none yet.</returns>
    bool Event(ulong from, out ulong number, out uint core, out MemberState state, out MemberCause cause, out ulong life, out ulong milliseconds);

    /// <summary>From now on a notification is signalled for new events. What the caller had before ends. It ends with the notification, too.</summary>
    /// <param name="signal">The notification, with the right to signal.</param>
    CoresAnswer Subscribe(SignalWord signal);

    /// <summary>No signals any more.</summary>
    CoresAnswer Unsubscribe();
}

/// <summary>What can be ordered.</summary>
public enum CoreOrder
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A core without a living instance gets one.</summary>
    Start,

    /// <summary>The instance is stopped and its memory given back; the core is empty then.</summary>
    Stop,

    /// <summary>The instance is stopped as if it had died: the policy says what follows.</summary>
    Kill,

    /// <summary>The instance is stopped, if there is one, and the core gets another.</summary>
    Restart,

    /// <summary>The instance finds itself wrong. Only where the image provokes faults.</summary>
    Panic,

    /// <summary>The instance takes no turn any more. Only where the image provokes faults.</summary>
    Hang,
}

/// <summary>How an order ended.</summary>
public enum OrderOutcome
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>It has not ended.</summary>
    UnderWay,

    /// <summary>What was ordered is so.</summary>
    Done,

    /// <summary>The core did not come up, or there was no memory for it; the core's state says which.</summary>
    Failed,

    /// <summary>It has taken too long: nobody waits for it any more. The kernel goes on with the step that it was at.</summary>
    Late,
}

/// <summary>What the coordinator answers.</summary>
public enum CoresAnswer
{
    /// <summary>Done, or accepted.</summary>
    Done,

    /// <summary>The system lets the caller look, and not order.</summary>
    NotAllowed,

    /// <summary>The machine has no such core.</summary>
    NoSuchCore,

    /// <summary>The first core can be neither stopped nor started.</summary>
    FirstCore,

    /// <summary>Another order for this core has not ended.</summary>
    Busy,

    /// <summary>The core is so already, or has nothing to which this could be done.</summary>
    NothingToDo,

    /// <summary>This image provokes no faults.</summary>
    NotInThisImage,

    /// <summary>As many clients are subscribed as there is room for.</summary>
    Full,

    /// <summary>The caller is not subscribed.</summary>
    Unknown,

    /// <summary>The notification cannot be signalled.</summary>
    SignalUnusable,

    /// <summary>The kernel has refused.</summary>
    Refused,
}
