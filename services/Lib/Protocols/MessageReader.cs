using System;

namespace Atoll.Services.Lib;

/// <summary>Reads a message that somebody else wrote, and believes none of it: whatever is missing, out of range or too much makes it incomplete.</summary>
public ref struct MessageReader
{
    private readonly Span<ulong> _words;
    private uint _next;
    private bool _isWrong;

    /// <summary>Reads the first words.</summary>
    /// <param name="words">Where they are.</param>
    /// <param name="count">How many came, as somebody says. More than there is room for is wrong.</param>
    public MessageReader(Span<ulong> words, uint count)
    {
        bool fits = count <= (uint)words.Length;
        _words = words.Slice(0, fits ? (int)count : 0);
        _isWrong = !fits;
    }

    /// <summary>Whether all of it was read, and all of it was as it should be. What was read means something then only.</summary>
    public readonly bool IsComplete => !_isWrong && _next == (uint)_words.Length;

    /// <summary>A number of 64 bits.</summary>
    public ulong TakeUInt64()
    {
        if (_next >= (uint)_words.Length)
        {
            _isWrong = true;
            return 0;
        }

        return _words[(int)_next++];
    }

    /// <summary>A number up to a largest one.</summary>
    public ulong TakeUpTo(ulong most)
    {
        ulong word = TakeUInt64();
        Require(word <= most);
        return word;
    }

    /// <summary>A signed number of so many bits, extended to a word.</summary>
    public long TakeSigned(int bits)
    {
        long word = (long)TakeUInt64();
        int above = 64 - bits;
        Require((word << above) >> above == word);
        return word;
    }

    /// <summary>True or false: 1 or 0.</summary>
    public bool TakeBool() => TakeUpTo(1) != 0;

    /// <summary>Bytes, which begin with a word.</summary>
    /// <param name="bytes">How many: as the message itself says.</param>
    public ReadOnlySpan<byte> TakeBytes(uint bytes)
    {
        uint count = WordBytes.Words(bytes);
        if (_isWrong || count > (uint)_words.Length - _next)
        {
            _isWrong = true;
            return default;
        }

        int first = (int)_next;
        _next += count;
        return WordBytes.Of(_words.Slice(first, (int)count)).Slice(0, (int)bytes);
    }

    /// <summary>The message is wrong unless this holds.</summary>
    public void Require(bool holds) => _isWrong |= !holds;
}
