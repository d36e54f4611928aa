using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pair;

/// <summary>Question and answer while both ends look all the time, and how often they looked in vain.</summary>
/// <remarks>
/// Under an emulator that counts instructions the time-stamp counter counts those of both cores, so looks in vain are counted, too: of one, and how many there were, is what has to be taken off. Both
/// ends look by the same code, inlined where they wait: a program that polls has no call for each look either.
/// </remarks>
internal static class Polling
{
    /// <summary>A question that nobody else asks: the answerer polls from now on, for as many questions as its second word says.</summary>
    internal const ulong Mark = ulong.MaxValue;

    /// <summary>Looks in vain, <paramref name="looks"/> times; nobody may send meanwhile.</summary>
    internal static void LookInVain(ref RingChannel channel, ulong looks)
    {
        ulong vain = 0;
        while (vain < looks)
        {
            _ = TryTake(ref channel, out _, ref vain);
        }
    }

    /// <summary>Answers so many questions. The second word of an answer says how often this end has looked in vain.</summary>
    internal static void Answer(ref RingChannel channel, ulong questions)
    {
        ulong vain = 0;
        while (questions != 0)
        {
            if (TryTake(ref channel, out RingMessage message, ref vain))
            {
                message.Payload.Word0++;
                message.Payload.Word1 = vain;
                Send(ref channel, in message);
                questions--;
            }
        }
    }

    /// <summary>Asks so many questions.</summary>
    /// <param name="channel">To who polls.</param>
    /// <param name="questions">How many.</param>
    /// <param name="others">How often the other end has looked in vain since it began.</param>
    /// <returns>How often this end has looked in vain.</returns>
    internal static ulong Ask(ref RingChannel channel, ulong questions, out ulong others)
    {
        ulong vain = 0;
        others = 0;
        for (ulong number = 0; number < questions; number++)
        {
            RingMessage message = default;
            message.Payload.Word0 = number;
            Send(ref channel, in message);
            while (!TryTake(ref channel, out message, ref vain))
            {
            }

            others = message.Payload.Word1;
        }

        return vain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTake(ref RingChannel channel, out RingMessage message, ref ulong vain)
    {
        ChannelResult came = channel.Poll(looks: 1, out message);
        if (came == ChannelResult.Done)
        {
            return true;
        }

        if (came == ChannelResult.PeerDied)
        {
            ProgramExit.End(1);
        }

        vain++;
        return false;
    }

    private static void Send(ref RingChannel channel, ref readonly RingMessage message)
    {
        if (channel.TrySend(in message) != ChannelResult.Done)
        {
            // One question is under way at a time: there is always room.
            ProgramExit.End(1);
        }

        channel.EndTurn();
    }
}
