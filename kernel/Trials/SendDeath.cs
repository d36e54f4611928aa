using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Trials;

/// <summary>A death in a send, as a type: the product's own code sends, over memory and doorbells that end the core at one step.</summary>
public interface ISendDeath
{
    /// <summary>The step that is not done.</summary>
    static abstract PublishStep Step { get; }

    /// <summary>Whether the core stands still there, until it is stopped from outside, instead of panicking.</summary>
    static abstract bool Hangs { get; }
}

/// <summary>Deaths in a send.</summary>
public static class SendDeath
{
    /// <summary>Ends the core if this is the step.</summary>
    public static void At<TDeath>(PublishStep step)
        where TDeath : ISendDeath
    {
        if (TDeath.Step == step)
        {
            Die<TDeath>();
        }
    }

    /// <summary>Ends the core.</summary>
    public static void Die<TDeath>()
        where TDeath : ISendDeath
    {
        while (TDeath.Hangs)
        {
            Cpu.Pause();
        }

        Check.That(TDeath.Hangs);
    }

    /// <summary>With nothing written.</summary>
    public struct AtPayload<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.Payload;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }

    /// <summary>With half a payload.</summary>
    public struct AtHalf<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.Half;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }

    /// <summary>With a payload that nothing announces.</summary>
    public struct AtHeader<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.Header;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }

    /// <summary>With a message that the sender does not count.</summary>
    public struct AtPosition<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.Position;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }

    /// <summary>With messages and no fence.</summary>
    public struct AtFence<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.Fence;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }

    /// <summary>With no look at who sleeps.</summary>
    public struct AtWakeWord<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.WakeWord;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }

    /// <summary>With no doorbell.</summary>
    public struct AtDoorbell<TWay> : ISendDeath
        where TWay : IDeathWay
    {
        /// <inheritdoc/>
        public static PublishStep Step => PublishStep.Doorbell;

        /// <inheritdoc/>
        public static bool Hangs => TWay.Hangs;
    }
}

/// <summary>Panic or hang, as a type.</summary>
public interface IDeathWay
{
    /// <summary>Whether the core stands still instead of panicking.</summary>
    static abstract bool Hangs { get; }
}

/// <summary>A failed check.</summary>
public struct ByPanic : IDeathWay
{
    /// <inheritdoc/>
    public static bool Hangs => false;
}

/// <summary>A loop with interrupts masked.</summary>
public struct ByHang : IDeathWay
{
    /// <inheritdoc/>
    public static bool Hangs => true;
}
