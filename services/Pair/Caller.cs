using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pair;

/// <summary>Asks, has the other fail, hears of its death once, and goes on with its next life.</summary>
internal struct Caller
{
    private const ulong QuestionsInALife = 50;

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
    internal bool Run(ref RingChannel channel, ulong lives)
    {
        ulong epoch = 0;
        for (ulong life = 0; life < lives; life++)
        {
            if (channel.Open() != ChannelResult.Done)
            {
                return false;
            }

            Stale += channel.Epoch > epoch ? 0UL : 1;
            epoch = channel.Epoch;
            if (!Live(ref channel, isLast: life == lives - 1))
            {
                return false;
            }
        }

        return true;
    }

    private bool Live(ref RingChannel channel, bool isLast)
    {
        for (ulong number = 0; number < QuestionsInALife; number++)
        {
            if (!Ask(ref channel, number))
            {
                return false;
            }
        }

        if (isLast)
        {
            return true;
        }

        RingMessage fail = PairMessage.Of(PairMessage.Fail, 0);
        if (channel.TrySend(in fail) != ChannelResult.Done || channel.Wait() != ChannelResult.PeerDied)
        {
            return false;
        }

        Deaths++;
        return channel.Reopen() == ChannelResult.Done;
    }

    private bool Ask(ref RingChannel channel, ulong number)
    {
        RingMessage question = PairMessage.Of(PairMessage.Question, number);
        if (channel.TrySend(in question) != ChannelResult.Done || channel.Wait() != ChannelResult.Done
            || channel.TryReceive(out RingMessage answer) != ChannelResult.Done)
        {
            return false;
        }

        Answers++;
        Wrong += answer.Meta == PairMessage.Answer && answer.Payload.Word0 == number + 1 ? 0UL : 1;
        return true;
    }
}
