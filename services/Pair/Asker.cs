using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pair;

/// <summary>Asks, has the other fail, hears of its death once, and goes on with its next life.</summary>
internal struct Asker
{
    private const ulong QuestionsInALife = 50;
    private const ulong QuestionsBetweenMirrors = 10;

    /// <summary>Answers that came.</summary>
    internal ulong Answers;

    /// <summary>Answers that were not the question's.</summary>
    internal ulong Wrong;

    /// <summary>Deaths that were heard of.</summary>
    internal ulong Deaths;

    /// <summary>Channels whose number was not greater than that of the one before.</summary>
    internal ulong Stale;

    /// <summary>Goes through so many lives of the other.</summary>
    /// <returns>Whether all were lived.</returns>
    internal bool Run(ref PairClient<ChannelTransport> other, ulong lives)
    {
        ulong epoch = 0;
        for (ulong life = 0; life < lives; life++)
        {
            if (other.Transport.Channel.Open() != ChannelResult.Done)
            {
                return false;
            }

            Stale += other.Transport.Channel.Epoch > epoch ? 0UL : 1;
            epoch = other.Transport.Channel.Epoch;
            if (!Live(ref other, isLast: life == lives - 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool Live(ref PairClient<ChannelTransport> other, bool isLast)
    {
        for (ulong number = 1; number <= QuestionsInALife; number++)
        {
            if (!(number % QuestionsBetweenMirrors == 0 ? Mirror(ref other, number) : Next(ref other, number)))
            {
                return false;
            }

            Answers++;
        }

        if (isLast)
        {
            return true;
        }

        if (other.Fail() != CallResult.PeerDied)
        {
            return false;
        }

        Deaths++;
        return other.Transport.Channel.Reopen() == ChannelResult.Done;
    }

    private bool Next(ref PairClient<ChannelTransport> other, ulong number)
    {
        bool isAnswered = other.Next(number, out ulong next) == CallResult.Ok;
        Wrong += next == number + 1 ? 0UL : 1;
        return isAnswered;
    }

    // As many bytes as fill several messages of the ring, and as many as come back.
    private bool Mirror(ref PairClient<ChannelTransport> other, ulong number)
    {
        SomeBytes asked = default;
        SomeBytes answered = default;
        Span<byte> bytes = asked;
        Span<byte> mirrored = answered;
        for (int index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)(number + (ulong)index);
        }

        bool isAnswered = other.Mirror(bytes, mirrored, out uint length, out PairAnswer answer) == CallResult.Ok;
        bool isRight = answer == PairAnswer.Done && length == (uint)bytes.Length;
        for (int index = 0; index < bytes.Length; index++)
        {
            isRight &= mirrored[index] == bytes[bytes.Length - 1 - index];
        }

        Wrong += isRight ? 0UL : 1;
        return isAnswered;
    }

    [InlineArray(100)]
    private struct SomeBytes
    {
        private byte _first;
    }
}
