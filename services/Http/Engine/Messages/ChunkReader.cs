using System;

namespace Atoll.Services.Http.Engine;

/// <summary>What a look at chunked content found.</summary>
internal enum ChunkResult
{
    /// <summary>Nothing but framing; more has to come.</summary>
    More,

    /// <summary>A piece of content.</summary>
    Content,

    /// <summary>The end, trailer fields included.</summary>
    End,

    /// <summary>Something that is no chunk.</summary>
    Malformed,

    /// <summary>Trailer fields, or an extension, that are too long.</summary>
    TooLong,
}

/// <summary>
/// Reads chunked content as it comes. Source: RFC 9112, "Chunked Transfer Coding". Extensions and trailer fields are checked and dropped.
/// </summary>
internal struct ChunkReader
{
    private const int SizeDigitsMax = 15;
    private const int ExtensionBytesMax = 256;
    private const int TrailerBytesMax = 1024;

    private Place _place;
    private int _count;
    private ulong _left;

    private enum Place : byte
    {
        Size,
        Padding,
        Extension,
        SizeFeed,
        Data,
        DataReturn,
        DataFeed,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerFeed,
        EndFeed,
        Ended,
    }

    /// <summary>Reads up to the next piece of content, the end, or the end of what has come.</summary>
    /// <param name="input">What has come and was not read yet.</param>
    /// <param name="read">Bytes that were read, the content included.</param>
    /// <param name="content">Length of the content, which lies at the end of what was read.</param>
    public ChunkResult Read(ReadOnlySpan<byte> input, out int read, out int content)
    {
        ChunkResult result = ChunkResult.More;
        content = 0;
        read = 0;
        while (result == ChunkResult.More && read < input.Length)
        {
            if (_place == Place.Data)
            {
                ulong most = (ulong)(input.Length - read);
                content = (int)(_left < most ? _left : most);
                read += content;
                _left -= (ulong)content;
                _place = _left == 0 ? Place.DataReturn : Place.Data;
                result = ChunkResult.Content;
            }
            else
            {
                result = Take(input[read]);
                read++;
            }
        }

        return result;
    }

    private ChunkResult Take(byte value) => _place switch
    {
        Place.Size => TakeSize(value),
        Place.Padding => TakePadding(value),
        Place.Extension => TakeExtension(value),
        Place.SizeFeed => TakeSizeFeed(value),
        Place.DataReturn => Expect(value, Ascii.CarriageReturn, Place.DataFeed),
        Place.DataFeed => Expect(value, Ascii.LineFeed, Place.Size),
        Place.TrailerStart or Place.TrailerName or Place.TrailerValue => TakeTrailer(value),
        Place.TrailerFeed => Expect(value, Ascii.LineFeed, Place.TrailerStart),
        Place.EndFeed => Expect(value, Ascii.LineFeed, Place.Ended) == ChunkResult.More ? ChunkResult.End : ChunkResult.Malformed,
        _ => ChunkResult.Malformed,
    };

    private ChunkResult TakeSize(byte value)
    {
        int digit = Ascii.HexValue(value);
        if (digit >= 0)
        {
            _left = (_left << 4) | (uint)digit;
            _count++;
            return _count > SizeDigitsMax ? ChunkResult.Malformed : ChunkResult.More;
        }

        if (_count == 0)
        {
            return ChunkResult.Malformed;
        }

        _count = 0;
        return TakePadding(value);
    }

    // Blanks before an extension are bad form, but allowed.
    private ChunkResult TakePadding(byte value)
    {
        if (Ascii.IsBlank(value))
        {
            _count++;
            _place = Place.Padding;
            return _count > ExtensionBytesMax ? ChunkResult.TooLong : ChunkResult.More;
        }

        if (value == ';')
        {
            _place = Place.Extension;
            return ChunkResult.More;
        }

        // Blanks that no extension follows are nothing that the grammar knows.
        return _place == Place.Padding ? ChunkResult.Malformed : Expect(value, Ascii.CarriageReturn, Place.SizeFeed);
    }

    private ChunkResult TakeExtension(byte value)
    {
        if (value == Ascii.CarriageReturn)
        {
            _place = Place.SizeFeed;
            return ChunkResult.More;
        }

        _count++;
        if (!Ascii.IsText(value))
        {
            return ChunkResult.Malformed;
        }

        return _count > ExtensionBytesMax ? ChunkResult.TooLong : ChunkResult.More;
    }

    private ChunkResult TakeSizeFeed(byte value)
    {
        _count = 0;
        return Expect(value, Ascii.LineFeed, _left == 0 ? Place.TrailerStart : Place.Data);
    }

    private ChunkResult TakeTrailer(byte value)
    {
        _count++;
        if (_count > TrailerBytesMax)
        {
            return ChunkResult.TooLong;
        }

        if (_place == Place.TrailerValue)
        {
            return value == Ascii.CarriageReturn ? Go(Place.TrailerFeed) : Ascii.IsText(value) ? ChunkResult.More : ChunkResult.Malformed;
        }

        if (_place == Place.TrailerName && value == ':')
        {
            return Go(Place.TrailerValue);
        }

        if (_place == Place.TrailerStart && value == Ascii.CarriageReturn)
        {
            return Go(Place.EndFeed);
        }

        return Ascii.IsToken(value) ? Go(Place.TrailerName) : ChunkResult.Malformed;
    }

    private ChunkResult Expect(byte value, byte wanted, Place next) => value == wanted ? Go(next) : ChunkResult.Malformed;

    private ChunkResult Go(Place next)
    {
        _place = next;
        return ChunkResult.More;
    }
}
