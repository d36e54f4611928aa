using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Iperf;

/// <summary>How the program's memory is divided.</summary>
internal static class IperfMemory
{
    /// <summary>Bytes by which connections of one test know each other: 36 characters and a zero. Source: iperf 3.12, <c>COOKIE_SIZE</c>.</summary>
    internal const int CookieBytes = 37;

    /// <summary>Bytes of the length before a text.</summary>
    internal const int LengthBytes = 4;

    /// <summary>Most bytes of a text.</summary>
    internal const int TextBytesMax = 8 * 1024;

    private const int TextAt = 64;
    private const int DataAt = 16 * 1024;

    /// <summary>The test's cookie.</summary>
    internal static Span<byte> Cookie(MemoryRegion store) => store.Bytes.Slice(0, CookieBytes);

    /// <summary>What comes and goes over the first connection.</summary>
    internal static Span<byte> Message(MemoryRegion store) => store.Bytes.Slice(TextAt, LengthBytes + TextBytesMax);

    /// <summary>Bytes of streams.</summary>
    internal static Span<byte> Data(MemoryRegion store) => store.Bytes.Slice(DataAt, store.Length - DataAt);
}
