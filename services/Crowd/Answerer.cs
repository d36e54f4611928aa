using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Crowd;

/// <summary>Answers questions at all of its ends, until it is asked to fail. It sleeps while there are none.</summary>
internal static class Answerer
{
    private const int FarBehind = 4096;
    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>Serves, for ever.</summary>
    internal static void Run(ref ChannelSet set, ulong tscHz)
    {
        while (true)
        {
            switch (set.Next(out uint end))
            {
                case ChannelSetEvent.None:
                    _ = set.Wait();
                    break;
                case ChannelSetEvent.Message:
                    Answer(ref set[end], end, tscHz);
                    break;
                case ChannelSetEvent.Ended or ChannelSetEvent.Unavailable:
                    if (set.Reopen(end) != ChannelResult.Done)
                    {
                        ProgramExit.End(1);
                    }

                    break;
            }
        }
    }

    private static void Answer(ref RingChannel channel, uint end, ulong tscHz)
    {
        while (channel.TryReceive(out RingMessage message) == ChannelResult.Done)
        {
            if (message.Meta == CrowdMessage.Fail)
            {
                ProgramExit.End(Index("a failed check"u8, FarBehind));
            }

            if (message.Meta == CrowdMessage.Later)
            {
                Sleep(in channel, Ipc.Now() + (message.Payload.Word1 * (tscHz / MicrosecondsPerSecond)));
            }

            RingMessage answer = CrowdMessage.Of(CrowdMessage.Answer, message.Payload.Word0 + 1, end);
            if (channel.TrySend(in answer) != ChannelResult.Done)
            {
                // Who asks has few questions open at an end: there is always room, unless it is gone.
                return;
            }
        }
    }

    private static void Sleep(ref readonly RingChannel channel, ulong deadline)
    {
        while (Ipc.Now() < deadline)
        {
            _ = Ipc.Receive(channel.Notification, 0, out _, Deadline.Flags(deadline), deadline);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];
}
