using Atoll.Ipc;

namespace Atoll.Workloads;

/// <summary>Every outcome of checking a traffic message.</summary>
[MustUse]
public enum TrafficCheck : byte
{
    /// <summary>It is the message that was due, unharmed.</summary>
    Good,

    /// <summary>A message was lost, doubled or reordered.</summary>
    WrongNumber,

    /// <summary>A word was changed.</summary>
    WrongChecksum,
}

/// <summary>Numbered, checksummed messages: every word depends on the number, and the last on all others.</summary>
public static class TrafficMessage
{
    // An odd constant (2^64 divided by the golden ratio) spreads consecutive numbers over all bits.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Makes message <paramref name="number"/> of a sender.</summary>
    /// <param name="kind">Traffic or Token.</param>
    /// <param name="number">From 0.</param>
    /// <param name="sender">Core number.</param>
    /// <param name="message">Filled in where it will be sent from.</param>
    public static void Make(TrialMessage kind, ulong number, uint sender, out LinkMessage message)
    {
        message = default;
        message.Kind = (uint)kind;
        message.Operation = number;
        message.Argument0 = number * Spread;
        message.Argument1 = ~number;
        message.Argument2 = (number + sender) * Spread;
        message.Argument3 = Checksum(in message);
    }

    /// <summary>Checks a message that is due to be number <paramref name="number"/>. All of it is untrusted.</summary>
    public static TrafficCheck Verify(in LinkMessage message, ulong number)
    {
        if (message.Argument3 != Checksum(in message) || message.Argument0 != message.Operation * Spread
            || message.Argument1 != ~message.Operation)
        {
            return TrafficCheck.WrongChecksum;
        }

        return message.Operation == number ? TrafficCheck.Good : TrafficCheck.WrongNumber;
    }

    private static ulong Checksum(in LinkMessage message)
    {
        ulong sum = message.Kind;
        sum = (sum * Spread) + message.Operation;
        sum = (sum * Spread) + message.Argument0;
        sum = (sum * Spread) + message.Argument1;
        return (sum * Spread) + message.Argument2;
    }
}
