using Atoll.Abi;

namespace Atoll.Boot;

/// <summary>Every outcome of checking a traffic message.</summary>
public enum TrafficCheck : byte
{
    /// <summary>It is the message that was due, unharmed.</summary>
    Good,

    /// <summary>It is no traffic message.</summary>
    WrongKind,

    /// <summary>A message was lost, doubled or reordered.</summary>
    WrongNumber,

    /// <summary>A word was changed.</summary>
    WrongChecksum,
}

/// <summary>Numbered, checksummed messages: every word of the payload depends on the number.</summary>
public static class TrafficMessage
{
    /// <summary>The meta word of traffic.</summary>
    public const uint Kind = 0x100;

    // An odd constant (2^64 divided by the golden ratio) spreads consecutive numbers over all bits.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Makes message <paramref name="number"/> of a sender.</summary>
    public static RingMessage Make(ulong number, uint sender)
    {
        RingMessage message = default;
        message.Meta = Kind;
        message.Payload.Word0 = number;
        message.Payload.Word1 = sender;
        message.Payload.Word2 = number * Spread;
        message.Payload.Word3 = ~number;
        message.Payload.Word4 = (number + sender) * Spread;
        message.Payload.Word5 = number << 32;
        message.Payload.Word6 = Checksum(in message.Payload);
        return message;
    }

    /// <summary>Checks a message that is due to be number <paramref name="number"/>. All of it is untrusted.</summary>
    public static TrafficCheck Verify(in RingMessage message, ulong number)
    {
        if (message.Meta != Kind)
        {
            return TrafficCheck.WrongKind;
        }

        if (message.Payload.Word6 != Checksum(in message.Payload) || message.Payload.Word2 != message.Payload.Word0 * Spread)
        {
            return TrafficCheck.WrongChecksum;
        }

        return message.Payload.Word0 == number ? TrafficCheck.Good : TrafficCheck.WrongNumber;
    }

    private static ulong Checksum(in RingPayload payload)
    {
        ulong sum = payload.Word0;
        sum = (sum * Spread) + payload.Word1;
        sum = (sum * Spread) + payload.Word2;
        sum = (sum * Spread) + payload.Word3;
        sum = (sum * Spread) + payload.Word4;
        return (sum * Spread) + payload.Word5;
    }
}
