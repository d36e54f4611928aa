using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pair;

/// <summary>Answers questions, until it is asked to fail.</summary>
internal static class Answerer
{
    private const int FarBehind = 4096;

    /// <summary>Serves. Returns when the other is gone.</summary>
    internal static void Run(ref RingChannel channel)
    {
        while (channel.Wait() == ChannelResult.Done)
        {
            while (channel.TryReceive(out RingMessage message) == ChannelResult.Done)
            {
                if (message.Meta == PairMessage.Fail)
                {
                    ProgramExit.End(Index("a failed check"u8, FarBehind));
                }

                RingMessage answer = PairMessage.Of(PairMessage.Answer, message.Payload.Word0 + 1);
                if (channel.TrySend(in answer) != ChannelResult.Done)
                {
                    // The caller has one question open at a time: there is always room.
                    ProgramExit.End(1);
                }
            }

            channel.EndTurn();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];
}
