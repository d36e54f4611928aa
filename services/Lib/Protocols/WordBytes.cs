using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Message words as bytes: the first byte is the lowest of the first word.</summary>
public static class WordBytes
{
    /// <summary>Bytes of a word.</summary>
    public const int Size = sizeof(ulong);

    /// <summary>Words that so many bytes take.</summary>
    public static uint Words(uint bytes) => (bytes / Size) + (bytes % Size == 0 ? 0U : 1U);

    /// <summary>The length of a span, but not more than a most.</summary>
    public static uint Least(int length, uint most) => (uint)length < most ? (uint)length : most;

    /// <summary>All words of a message, to write to.</summary>
    public static Span<ulong> Of(ref MessageWords words) => words;

    /// <summary>The bytes of some words.</summary>
    [Trusted(Safety = "Eight bytes for each word of the span, and any bytes are a word.")]
    public static Span<byte> Of(Span<ulong> words) =>
        words.Length == 0 ? default : MemoryMarshal.CreateSpan(ref Unsafe.As<ulong, byte>(ref words[0]), words.Length * Size);
}
