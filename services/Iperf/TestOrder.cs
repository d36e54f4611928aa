using System;

namespace Atoll.Services.Iperf;

/// <summary>What a client wants of a test.</summary>
/// <param name="streams">Connections that carry its bytes.</param>
public readonly struct TestOrder(uint streams)
{
    /// <summary>Most streams.</summary>
    public const uint StreamsMax = 8;

    /// <summary>Connections that carry its bytes.</summary>
    public uint Streams => streams;

    /// <summary>Reads what the client says.</summary>
    /// <param name="text">Its object.</param>
    /// <param name="order">The order.</param>
    /// <returns>False: that is not served. TCP towards the server is, by <see cref="StreamsMax"/> streams, counted from the first byte on.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out TestOrder order)
    {
        ulong parallel = JsonFields.Number(text, "parallel"u8);
        order = new TestOrder((uint)parallel);
        return JsonFields.IsTrue(text, "tcp"u8) && parallel is > 0 and <= StreamsMax
            && !JsonFields.IsTrue(text, "reverse"u8) && !JsonFields.IsTrue(text, "bidirectional"u8) && JsonFields.Number(text, "omit"u8) == 0;
    }
}
