using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>What the caller asks the answerer, two programs that show and measure calls between cores.</summary>
[Protocol("pair", version: 1)]
public interface IPair
{
    /// <summary>The number that comes next.</summary>
    /// <param name="number">Any.</param>
    /// <returns>One more; 0 after the last.</returns>
    ulong Next(ulong number);

    /// <summary>Bytes the other way round.</summary>
    /// <param name="bytes">Any.</param>
    /// <param name="mirrored">Room for the answer.</param>
    /// <param name="length">How many bytes came back.</param>
    PairAnswer Mirror(ReadOnlySpan<byte> bytes, Span<byte> mirrored, out uint length);

    /// <summary>Makes a mistake on purpose: the answerer faults, and no answer comes.</summary>
    void Fail();
}

/// <summary>What the answerer says.</summary>
public enum PairAnswer
{
    /// <summary>All bytes came back.</summary>
    Done,

    /// <summary>There is less room than bytes; none came back.</summary>
    NoRoom,
}
