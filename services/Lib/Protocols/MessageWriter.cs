using System;

namespace Atoll.Services.Lib;

/// <summary>Writes a message: first its scalars, one word each, then the bytes of its spans, each from a word's first byte on.</summary>
/// <remarks>What does not fit is not written and remembered: <see cref="IsTooLong"/>.</remarks>
/// <param name="words">Where to.</param>
public ref struct MessageWriter(Span<ulong> words)
{
    private readonly Span<ulong> _words = words;
    private uint _count;

    /// <summary>Words that were written.</summary>
    public readonly uint Count => _count;

    /// <summary>Whether something did not fit.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Writes a scalar.</summary>
    public void Add(ulong word)
    {
        if (_count >= (uint)_words.Length)
        {
            IsTooLong = true;
            return;
        }

        _words[(int)_count++] = word;
    }

    /// <summary>Writes a scalar.</summary>
    public void Add(bool value) => Add(value ? 1UL : 0UL);

    /// <summary>Writes bytes; the rest of the last word is zero.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        uint first = _count;
        AddInPlace((uint)bytes.Length);
        if (!IsTooLong)
        {
            bytes.CopyTo(Room(_words, first, (uint)bytes.Length));
        }
    }

    /// <summary>Takes bytes that stand already where <see cref="Room"/> said.</summary>
    public void AddInPlace(uint bytes)
    {
        uint free = (uint)_words.Length - _count;
        if (IsTooLong || bytes > free * WordBytes.Size)
        {
            IsTooLong = true;
            return;
        }

        uint used = bytes % WordBytes.Size;
        _count += WordBytes.Words(bytes);
        if (used != 0)
        {
            // Nothing of an earlier message goes out with this one.
            _words[(int)_count - 1] &= (1UL << (int)(used * 8)) - 1;
        }
    }

    /// <summary>Where bytes will stand that follow so many scalars.</summary>
    /// <param name="words">Where the message is written to.</param>
    /// <param name="scalars">How many words come before.</param>
    /// <param name="bytes">How many bytes; not more than fit.</param>
    public static Span<byte> Room(Span<ulong> words, uint scalars, uint bytes) =>
        WordBytes.Of(words.Slice((int)scalars, words.Length - (int)scalars)).Slice(0, (int)bytes);
}
