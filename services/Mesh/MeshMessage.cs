using Atoll.Abi;

namespace Atoll.Services.Mesh;

/// <summary>What two nodes tell each other: numbers in order, each with a check that says who sent it, and at the end what a node has seen.</summary>
internal static class MeshMessage
{
    /// <summary>The meta word of a number.</summary>
    internal const uint Number = 1;

    /// <summary>The meta word of a report.</summary>
    internal const uint Report = 2;

    // Any odd number will do: 2^64 over the golden ratio.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    /// <summary>A number.</summary>
    internal static RingMessage Of(ulong number, uint from)
    {
        RingMessage message = default;
        message.Meta = Number;
        message.Payload.Word0 = number;
        message.Payload.Word1 = from;
        message.Payload.Word6 = CheckOf(number, from);
        return message;
    }

    /// <summary>What a node has seen.</summary>
    internal static RingMessage ReportOf(ulong received, ulong wrong)
    {
        RingMessage message = default;
        message.Meta = Report;
        message.Payload.Word0 = received;
        message.Payload.Word1 = wrong;
        return message;
    }

    /// <summary>Whether a message is the next number of a node.</summary>
    internal static bool Is(ref readonly RingMessage message, ulong number, uint from) =>
        message.Meta == Number && message.Payload.Word0 == number && message.Payload.Word1 == from
        && message.Payload.Word6 == CheckOf(number, from);

    private static ulong CheckOf(ulong number, uint from) => (number + 1) * (Spread ^ from);
}
