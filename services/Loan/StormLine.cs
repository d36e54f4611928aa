using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>The giver's channel to one holder in a storm: what was given over it, and the numbers that come at any moment.</summary>
[NonCopyable]
internal struct StormLine
{
    /// <summary>The channel.</summary>
    internal RingChannel Channel;

    /// <summary>Capabilities given since the last round ended.</summary>
    internal ulong Given;

    /// <summary>Numbers that came, right or wrong.</summary>
    internal ulong Numbers;

    /// <summary>Numbers that were not the next.</summary>
    internal ulong WrongNumbers;

    /// <summary>Sends a message, and rings who sleeps.</summary>
    internal void Send(uint meta, ulong word0 = 0)
    {
        RingMessage message = LoanMessage.Of(meta, word0);
        if (Channel.TrySend(in message) != ChannelResult.Done)
        {
            ProgramExit.End(LoanProgram.LineBroken);
        }

        Channel.EndTurn();
    }

    /// <summary>Takes numbers until there is an answer, or nothing.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>Whether there is one.</returns>
    internal bool TryTake(out RingMessage answer)
    {
        while (Channel.TryReceive(out answer) == ChannelResult.Done)
        {
            if (answer.Meta != LoanMessage.Number)
            {
                return true;
            }

            WrongNumbers += answer.Payload.Word0 == Numbers ? 0UL : 1;
            Numbers++;
        }

        return false;
    }

    /// <summary>Waits for an answer that must be of a kind.</summary>
    internal RingMessage Expect(uint meta)
    {
        RingMessage answer;
        while (!TryTake(out answer))
        {
            if (Channel.Wait() != ChannelResult.Done)
            {
                ProgramExit.End(LoanProgram.LineBroken);
            }
        }

        if (answer.Meta != meta)
        {
            ProgramExit.End(LoanProgram.LineBroken);
        }

        return answer;
    }

    /// <summary>Lines to programs of so many cores.</summary>
    [NonCopyable]
    [InlineArray(LoanProgram.CoresMax)]
    internal struct Row
    {
        private StormLine _line0;
    }
}
