using Atoll.Abi;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Actors;

/// <summary>
/// A step of going to sleep and waking up. The product prescribes an order; a seeded defect is another list.
/// </summary>
public enum SleepStep : byte
{
    /// <summary>The product's <c>WakeWord.Announce</c>.</summary>
    Announce,

    /// <summary>A look at every ring once more. What is found ends the sleep before it began.</summary>
    Look,

    /// <summary>As a look, but what is found is dealt with under the announcement, and the sleep goes on.</summary>
    Serve,

    /// <summary>STI; HLT, and CLI after it.</summary>
    Halt,

    /// <summary>A program waits on its notification.</summary>
    Wait,

    /// <summary>The product's <c>WakeWord.Withdraw</c>, if there is an announcement.</summary>
    Withdraw,

    /// <summary>STI. No step of the product's order.</summary>
    OpenInterrupts,

    /// <summary>CLI. No step of the product's order.</summary>
    CloseInterrupts,
}

/// <summary>Orders of <see cref="SleepStep"/>.</summary>
public static class SleepOrder
{
    /// <summary>A kernel's, as <c>WakeWord</c> prescribes it, interrupts closed until the halt.</summary>
    public static SleepStep[] Kernel { get; } =
        [SleepStep.Announce, SleepStep.Look, SleepStep.Halt, SleepStep.Withdraw];

    /// <summary>A program's.</summary>
    public static SleepStep[] Program { get; } =
        [SleepStep.Announce, SleepStep.Look, SleepStep.Wait, SleepStep.Withdraw];
}

/// <summary>One end of a ring, as the one who holds it knows it.</summary>
public sealed unsafe class RingEnd
{
    /// <summary>Number of the ring.</summary>
    public required int Ring { get; init; }

    /// <summary>Its first slot.</summary>
    public required RingSlot* Slots { get; init; }

    /// <summary>Its slots.</summary>
    public required uint SlotCount { get; init; }

    /// <summary>Sending end: the receiver, who is rung.</summary>
    public ContextId Receiver { get; init; }

    /// <summary>Sending end: the receiver's wake word.</summary>
    public ulong* ReceiverWake { get; init; }

    /// <summary>Receiving end: the sender's status word when it may die, else null. Not 0 means dead.</summary>
    public ulong* SenderStatus { get; init; }
}

/// <summary>One message that is to be sent.</summary>
/// <param name="End">Which of the sending ends.</param>
/// <param name="IsControl">Whether it may use the reserved slots.</param>
public readonly record struct PlannedSend(int End = 0, bool IsControl = false);

/// <summary>Where a receiver looks at a sender's status word.</summary>
public enum StatusLook : byte
{
    /// <summary>Before each look at the ring: what a dead sender published comes before its death.</summary>
    BeforeRing,

    /// <summary>After it. Seeded defect.</summary>
    AfterRing,

    /// <summary>
    /// When polling, but not in the last look before sleep: enough, because a death's doorbell asks for no wake word.
    /// </summary>
    NotBeforeSleep,
}

/// <summary>What an event loop receives, sends, and how it sleeps.</summary>
public sealed unsafe class LoopPlan
{
    /// <summary>What a trace calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Receiving ends, two at most.</summary>
    public RingEnd[] Incoming { get; init; } = [];

    /// <summary>Sending ends, two at most.</summary>
    public RingEnd[] Outgoing { get; init; } = [];

    /// <summary>Messages to send, turn by turn; a fence ends each turn.</summary>
    public PlannedSend[][] Turns { get; init; } = [];

    /// <summary>Turns that need no message to have come first.</summary>
    public int FreeTurns { get; init; }

    /// <summary>Its own wake word, if it sleeps.</summary>
    public ulong* Wake { get; init; }

    /// <summary>How it sleeps.</summary>
    public SleepStep[] Sleep { get; init; } = SleepOrder.Kernel;

    /// <summary>Seeded defect: the memory of what was rung for is lost before each turn's end.</summary>
    public bool ForgetsDoorbells { get; init; }

    /// <summary>Seeded defect: what was rung for in the receivers' earlier life is still remembered.</summary>
    public bool RemembersEarlierLife { get; init; }

    /// <summary>
    /// Seeded defect: a Full ring does not end the turn, so nobody is rung while the sender tries again.
    /// </summary>
    public bool KeepsTurnOpenWhenFull { get; init; }

    /// <summary>Where it looks at status words.</summary>
    public StatusLook StatusLook { get; init; }

    /// <summary>Its own status word, if it may panic.</summary>
    public ulong* Status { get; init; }

    /// <summary>Whom it rings after a panic, or the fencer after it found somebody dead.</summary>
    public ContextId[] Linked { get; init; } = [];
}
