using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>A channel over which each message is answered before the next.</summary>
[NonCopyable]
internal struct LoanLine
{
    /// <summary>The channel.</summary>
    internal RingChannel Channel;

    /// <summary>Sends a message, and rings who sleeps.</summary>
    internal void Send(uint meta, ulong word0 = 0, ulong word1 = 0)
    {
        RingMessage message = LoanMessage.Of(meta, word0, word1);
        if (Channel.TrySend(in message) != ChannelResult.Done)
        {
            ProgramExit.End(LoanProgram.LineBroken);
        }

        Channel.EndTurn();
    }

    /// <summary>Waits for the next message.</summary>
    internal RingMessage Receive()
    {
        bool isThere = Channel.Wait() == ChannelResult.Done;
        if (Channel.TryReceive(out RingMessage message) != ChannelResult.Done || !isThere)
        {
            ProgramExit.End(LoanProgram.LineBroken);
        }

        return message;
    }

    /// <summary>Waits for a message that must be of a kind.</summary>
    internal RingMessage Expect(uint meta)
    {
        RingMessage message = Receive();
        if (message.Meta != meta)
        {
            ProgramExit.End(LoanProgram.LineBroken);
        }

        return message;
    }
}
