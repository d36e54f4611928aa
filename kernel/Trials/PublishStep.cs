using System;

namespace Atoll.Trials;

/// <summary>Where in a send somebody dies: before the step that is named, with all that come before it done.</summary>
public enum PublishStep : byte
{
    /// <summary>Nothing is written.</summary>
    Payload,

    /// <summary>Half of the payload is written.</summary>
    Half,

    /// <summary>The payload is whole, and nothing announces it.</summary>
    Header,

    /// <summary>The message is there for the receiver; the sender's own position is not advanced.</summary>
    Position,

    /// <summary>The turn's messages are there, and no fence was executed.</summary>
    Fence,

    /// <summary>After the fence: nobody has looked whether the receiver sleeps.</summary>
    WakeWord,

    /// <summary>The doorbell is not rung; or all receivers were awake, and the turn is over.</summary>
    Doorbell,
}

/// <summary>The steps of a send.</summary>
public static class PublishSteps
{
    /// <summary>How many there are.</summary>
    public const uint Count = (uint)PublishStep.Doorbell + 1;

    /// <summary>The name in docs/serial.md.</summary>
    public static ReadOnlySpan<byte> Name(PublishStep step) => step switch
    {
        PublishStep.Payload => "payload"u8,
        PublishStep.Half => "half"u8,
        PublishStep.Header => "header"u8,
        PublishStep.Position => "position"u8,
        PublishStep.Fence => "fence"u8,
        PublishStep.WakeWord => "wake-word"u8,
        _ => "doorbell"u8,
    };
}
