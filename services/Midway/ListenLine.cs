using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Midway;

/// <summary>The listener's channel to one sender, and what it has heard of it in this life.</summary>
[NonCopyable]
internal struct ListenLine
{
    /// <summary>Most senders: one on each core but the first.</summary>
    internal const int Max = 15;

    /// <summary>The channel.</summary>
    internal RingChannel Channel;

    /// <summary>Core of the sender.</summary>
    internal uint Core;

    /// <summary>Numbers heard.</summary>
    internal ulong Numbers;

    /// <summary>Messages that were not what was due: torn, lost, doubled, or after a farewell.</summary>
    internal uint Wrong;

    /// <summary>Last words heard.</summary>
    internal uint Words;

    /// <summary>When the farewell was heard; 0: it was not.</summary>
    internal ulong FarewellAt;

    /// <summary>Takes what is there.</summary>
    /// <returns>Done when there was anything, WouldBlock, PeerDied.</returns>
    internal ChannelResult Listen()
    {
        ChannelResult result = ChannelResult.WouldBlock;
        ChannelResult told = Channel.TryReceive(out RingMessage message);
        while (told == ChannelResult.Done)
        {
            result = ChannelResult.Done;
            Note(in message);
            told = Channel.TryReceive(out message);
        }

        return told == ChannelResult.PeerDied ? told : result;
    }

    /// <summary>The next life begins.</summary>
    internal void Forget()
    {
        Numbers = 0;
        Wrong = 0;
        Words = 0;
        FarewellAt = 0;
    }

    private void Note(ref readonly RingMessage message)
    {
        bool isRight;
        switch (message.Meta)
        {
            case MidwayMessage.Number:
                isRight = FarewellAt == 0 && MidwayMessage.IsWhole(in message, Numbers, Core);
                Numbers++;
                break;
            case MidwayMessage.Farewell:
                isRight = FarewellAt == 0 && message.Payload.Word0 == Numbers;
                FarewellAt = Ipc.Now();
                break;
            default:
                isRight = message.Meta == MidwayMessage.LastWords && FarewellAt != 0 && MidwayMessage.IsWhole(in message, Numbers, Core);
                Words++;
                break;
        }

        Wrong += isRight ? 0u : 1;
    }

    /// <summary>A line for each sender.</summary>
    [NonCopyable]
    [InlineArray(Max)]
    internal struct Row
    {
        private ListenLine _line0;
    }
}
