using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Crowd;

/// <summary>Has thousands of ends: asks at a few of them at a time, has the program behind some fail, hears of the end of each once, and goes on with the next life.</summary>
internal struct Asker
{
    private const uint AtOnce = 16;
    private const ulong QuestionsInALife = 2000;
    private const ulong Multiplier = 6364136223846793005;
    private const ulong Increment = 1442695040888963407;

    private ulong _random;
    private ulong _waiting;
    private bool _isFailing;

    /// <summary>Ends that are open.</summary>
    internal uint Open;

    /// <summary>Times that an end opened.</summary>
    internal ulong Openings;

    /// <summary>Answers that came.</summary>
    internal ulong Answers;

    /// <summary>Ends whose other program died.</summary>
    internal ulong Ends;

    /// <summary>What was not as it should be: another answer than the question's, an end that ended unasked.</summary>
    internal ulong Wrong;

    /// <summary>Asks, through so many deaths.</summary>
    internal void Run(ref ChannelSet set, ulong deaths)
    {
        _random = 1;
        AwaitAll(ref set);
        for (ulong death = 0; death <= deaths; death++)
        {
            Ask(ref set);
            if (death < deaths)
            {
                Fail(ref set);
                AwaitAll(ref set);
            }
        }
    }

    private void Ask(ref ChannelSet set)
    {
        for (ulong asked = 0; asked < QuestionsInALife; asked += AtOnce)
        {
            for (uint question = 0; question < AtOnce; question++)
            {
                uint end = Draw(set.Count);
                RingMessage message = CrowdMessage.Of(CrowdMessage.Question, end);
                Wrong += set[end].TrySend(in message) == ChannelResult.Done ? 0UL : 1;
                set[end].EndTurn();
            }

            _waiting += AtOnce;
            while (_waiting != 0)
            {
                Turn(ref set);
            }
        }
    }

    // The program behind one end; all that it has end with it.
    private void Fail(ref ChannelSet set)
    {
        uint end = Draw(set.Count);
        RingMessage message = CrowdMessage.Of(CrowdMessage.Fail, 0);
        Wrong += set[end].TrySend(in message) == ChannelResult.Done ? 0UL : 1;
        set[end].EndTurn();
        _isFailing = true;
        ulong before = Ends;
        while (Ends == before)
        {
            Turn(ref set);
        }
    }

    private void AwaitAll(ref ChannelSet set)
    {
        while (Open != set.Count)
        {
            Turn(ref set);
        }

        _isFailing = false;
    }

    private void Turn(ref ChannelSet set)
    {
        switch (set.Next(out uint end))
        {
            case ChannelSetEvent.None:
                _ = set.Wait();
                break;
            case ChannelSetEvent.Message:
                Receive(ref set[end], end);
                break;
            case ChannelSetEvent.Opened:
                Open++;
                Openings++;
                break;
            case ChannelSetEvent.Ended:
                Open--;
                Ends++;
                Wrong += _isFailing && set.Reopen(end) == ChannelResult.Done ? 0UL : 1;
                break;
            default:
                Wrong++;
                break;
        }
    }

    private void Receive(ref RingChannel channel, uint end)
    {
        while (channel.TryReceive(out RingMessage answer) == ChannelResult.Done)
        {
            bool isRight = answer.Meta == CrowdMessage.Answer && answer.Payload.Word0 == end + 1 && _waiting != 0;
            Wrong += isRight ? 0UL : 1;
            _waiting -= isRight ? 1UL : 0;
            Answers++;
        }
    }

    private uint Draw(uint below)
    {
        _random = (_random * Multiplier) + Increment;
        return below == 0 ? 0 : (uint)(_random >> 33) % below;
    }
}
