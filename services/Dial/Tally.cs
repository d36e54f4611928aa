using Atoll.Abi;

namespace Atoll.Services.Dial;

/// <summary>What a caller has seen.</summary>
internal struct Tally
{
    /// <summary>Its core.</summary>
    internal uint Core;

    /// <summary>Connections that were used to their end.</summary>
    internal uint Connections;

    /// <summary>Right answers.</summary>
    internal uint Answers;

    /// <summary>Connections whose server died.</summary>
    internal uint Deaths;

    /// <summary>Wishes that were refused as they had to be.</summary>
    internal uint Refusals;

    /// <summary>Wishes that were made again, because something was not there yet, or any more.</summary>
    internal uint Retries;

    /// <summary>What was not as it should be.</summary>
    internal uint Wrong;

    /// <summary>As a message.</summary>
    internal readonly RingMessage ToMessage()
    {
        RingMessage message = DialMessage.Of(DialMessage.Report, Core, Connections);
        message.Payload.Word2 = Answers;
        message.Payload.Word3 = Deaths;
        message.Payload.Word4 = Refusals;
        message.Payload.Word5 = Retries;
        message.Payload.Word6 = Wrong;
        return message;
    }

    /// <summary>Of a message.</summary>
    internal static Tally Of(ref readonly RingMessage message) => new()
    {
        Core = (uint)message.Payload.Word0,
        Connections = (uint)message.Payload.Word1,
        Answers = (uint)message.Payload.Word2,
        Deaths = (uint)message.Payload.Word3,
        Refusals = (uint)message.Payload.Word4,
        Retries = (uint)message.Payload.Word5,
        Wrong = (uint)message.Payload.Word6,
    };
}
