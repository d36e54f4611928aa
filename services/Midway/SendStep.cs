namespace Atoll.Services.Midway;

/// <summary>Where in a send a program dies: before the step that is named, with all that come before it done.</summary>
internal enum SendStep : byte
{
    /// <summary>Nothing is written.</summary>
    Payload,

    /// <summary>Half of the payload is written.</summary>
    Half,

    /// <summary>The payload is whole, and nothing announces it.</summary>
    Header,

    /// <summary>The message is there for the receiver; the sender's own position is not advanced.</summary>
    Position,

    /// <summary>No fence was executed.</summary>
    Fence,

    /// <summary>After the fence: nobody has looked whether the receiver sleeps.</summary>
    WakeWord,

    /// <summary>The receiver is not rung.</summary>
    Doorbell,
}

/// <summary>A step, as a type.</summary>
internal interface ISendStep
{
    /// <summary>Which.</summary>
    static abstract SendStep Step { get; }
}

/// <summary>How a program dies, as a type.</summary>
internal interface IDeathWay
{
    /// <summary>Whether it stands still, until its core is stopped, instead of failing.</summary>
    static abstract bool StandsStill { get; }
}

/// <summary>The program makes a mistake.</summary>
internal struct ByFault : IDeathWay
{
    /// <inheritdoc/>
    public static bool StandsStill => false;
}

/// <summary>The program stands still.</summary>
internal struct ByStop : IDeathWay
{
    /// <inheritdoc/>
    public static bool StandsStill => true;
}

/// <summary>The steps.</summary>
internal static class Before
{
    /// <summary><see cref="SendStep.Payload"/>.</summary>
    internal struct Payload : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.Payload;
    }

    /// <summary><see cref="SendStep.Half"/>.</summary>
    internal struct Half : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.Half;
    }

    /// <summary><see cref="SendStep.Header"/>.</summary>
    internal struct Header : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.Header;
    }

    /// <summary><see cref="SendStep.Position"/>.</summary>
    internal struct Position : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.Position;
    }

    /// <summary><see cref="SendStep.Fence"/>.</summary>
    internal struct Fence : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.Fence;
    }

    /// <summary><see cref="SendStep.WakeWord"/>.</summary>
    internal struct WakeWord : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.WakeWord;
    }

    /// <summary><see cref="SendStep.Doorbell"/>.</summary>
    internal struct Doorbell : ISendStep
    {
        /// <inheritdoc/>
        public static SendStep Step => SendStep.Doorbell;
    }
}
