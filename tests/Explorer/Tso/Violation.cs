namespace Atoll.Explorer.Tso;

/// <summary>What can be wrong.</summary>
public enum ViolationKind
{
    /// <summary>A message is present, its receiver sleeps, and nobody is going to wake it.</summary>
    LostWakeUp,

    /// <summary>Nobody can go on, and not all is done.</summary>
    Deadlock,

    /// <summary>Somebody goes on for ever, and nothing gets done.</summary>
    Livelock,

    /// <summary>A message was overtaken or overwritten.</summary>
    MessageLost,

    /// <summary>A message came again.</summary>
    MessageDoubled,

    /// <summary>A message has parts of another.</summary>
    MessageTorn,

    /// <summary>A sender said Full and there was room.</summary>
    FullWhenNotFull,

    /// <summary>A sender sent into a slot that was not returned.</summary>
    Overrun,

    /// <summary>A sender rang twice for one sleep.</summary>
    SecondDoorbell,

    /// <summary>A sender rang for a sleep that the receiver had withdrawn, as memory already said.</summary>
    NeedlessDoorbell,

    /// <summary>A receiver woke though nobody sent, rang, or armed a timer.</summary>
    KeptAwake,

    /// <summary>A receiver did not learn of a death exactly once, or got a message after it.</summary>
    DeathNotOnce,
}

/// <summary>Ends a run at the access that broke a property.</summary>
public sealed class ViolationException(ViolationKind kind, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public ViolationKind Kind { get; } = kind;
}
