using Atoll.Services.Lib;

namespace Atoll.Protocols.Tests.Sample;

/// <summary>A protocol with everything that one can have.</summary>
[Protocol("sample", version: 1)]
public interface ISample
{
    /// <summary>Nothing travels.</summary>
    void Nothing();

    /// <summary>Every unsigned number, and bool.</summary>
    ulong Unsigned(byte a, ushort b, uint c, ulong d, bool e);

    /// <summary>Every signed number.</summary>
    long Signed(sbyte a, short b, int c, long d);

    /// <summary>Enums, there and back.</summary>
    Shade Paint(Shade shade, Sides sides, out Sides painted, out bool isDry);

    /// <summary>Bytes to the server.</summary>
    uint Join(ReadOnlySpan<byte> first, uint times, ReadOnlySpan<byte> second);

    /// <summary>Bytes both ways.</summary>
    short Turn(ReadOnlySpan<byte> text, Span<byte> turned, out uint length, out sbyte last);

    /// <summary>Bytes from the server, later.</summary>
    [Deferred]
    Shade Fetch(ulong key, Span<byte> value, out uint length, out ushort age);

    /// <summary>Nothing, later.</summary>
    [Deferred]
    void Wait(ReadOnlySpan<byte> @event);

    /// <summary>Capabilities both ways, and of those that come back any or none.</summary>
    ulong Trade(UntypedMemory memory, uint count, MessageEndpoint endpoint, out MemoryFrame frame, out bool isMore, out SignalWord signal);

    /// <summary>A capability or none, later.</summary>
    [Deferred]
    void Lend(uint key, out MessageEndpoint lent);
}

/// <summary>An enum with a hole.</summary>
public enum Shade : sbyte
{
    Dark = -2,
    Middle = 0,
    Light = 7,
    Bright = Light,
}

/// <summary>An enum whose values combine.</summary>
[Flags]
public enum Sides : ushort
{
    None = 0,
    Front = 1,
    Back = 4,
}
