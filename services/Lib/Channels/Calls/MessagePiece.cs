using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>How a message of a protocol lies in the messages of a channel: the first has its header and six words, each other one seven words.</summary>
/// <remarks>All carry the number of the call, and the first says that it is the first: who finds the beginning of a message without the end of the one before drops that.</remarks>
internal static class MessagePiece
{
    /// <summary>Most pieces of a message. Fewer than a ring has slots.</summary>
    internal const uint Most = 1 + ((MessageHeader.WordsMax - FirstWords + OtherWords - 1) / OtherWords);

    /// <summary>Bits of the number of a call.</summary>
    internal const uint NumberMask = FirstBit - 1;

    private const uint FirstBit = 1U << 31;
    private const int FirstWords = 6;
    private const int OtherWords = 7;

    /// <summary>Pieces that so many words take.</summary>
    internal static uint Count(uint words) => words <= FirstWords ? 1 : 1 + ((words - FirstWords + OtherWords - 1) / OtherWords);

    /// <summary>Whether a message begins with this piece.</summary>
    internal static bool IsFirst(ref readonly RingMessage piece) => (piece.Meta & FirstBit) != 0;

    /// <summary>Number of the call that it belongs to.</summary>
    internal static uint NumberOf(ref readonly RingMessage piece) => piece.Meta & NumberMask;

    /// <summary>A piece.</summary>
    /// <param name="index">Which.</param>
    /// <param name="number">Number of the call.</param>
    /// <param name="header">Of the message.</param>
    /// <param name="words">Those that the header counts; what the last piece has room for besides is zero.</param>
    internal static RingMessage Of(uint index, uint number, MessageHeader header, ReadOnlySpan<ulong> words)
    {
        RingMessage piece = default;
        if (index == 0)
        {
            piece.Meta = number | FirstBit;
            piece.Payload.Word0 = header.Raw;
            piece.Payload.Word1 = At(words, 0);
            piece.Payload.Word2 = At(words, 1);
            piece.Payload.Word3 = At(words, 2);
            piece.Payload.Word4 = At(words, 3);
            piece.Payload.Word5 = At(words, 4);
            piece.Payload.Word6 = At(words, 5);
            return piece;
        }

        int first = FirstOf(index);
        piece.Meta = number;
        piece.Payload.Word0 = At(words, first);
        piece.Payload.Word1 = At(words, first + 1);
        piece.Payload.Word2 = At(words, first + 2);
        piece.Payload.Word3 = At(words, first + 3);
        piece.Payload.Word4 = At(words, first + 4);
        piece.Payload.Word5 = At(words, first + 5);
        piece.Payload.Word6 = At(words, first + 6);
        return piece;
    }

    /// <summary>Takes the words out of a piece.</summary>
    /// <param name="piece">Untrusted.</param>
    /// <param name="index">Which it is.</param>
    /// <param name="words">Where all words of the message go. What lies beyond is dropped.</param>
    internal static void Take(ref readonly RingMessage piece, uint index, Span<ulong> words)
    {
        ref readonly RingPayload payload = ref piece.Payload;
        int next = 0;
        if (index != 0)
        {
            next = FirstOf(index);
            Put(words, next++, payload.Word0);
        }

        Put(words, next++, payload.Word1);
        Put(words, next++, payload.Word2);
        Put(words, next++, payload.Word3);
        Put(words, next++, payload.Word4);
        Put(words, next++, payload.Word5);
        Put(words, next, payload.Word6);
    }

    private static int FirstOf(uint index) => FirstWords + (((int)index - 1) * OtherWords);

    private static ulong At(ReadOnlySpan<ulong> words, int index) => (uint)index < (uint)words.Length ? words[index] : 0;

    private static void Put(Span<ulong> words, int index, ulong word)
    {
        if ((uint)index < (uint)words.Length)
        {
            words[index] = word;
        }
    }
}
