using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Pair;

/// <summary>Answers each message with one, as little as can be done over a channel: what calls are measured against.</summary>
internal static class Echo
{
    /// <summary>Serves. Returns when the other is gone.</summary>
    internal static void Run(ref RingChannel channel)
    {
        // The wait rings for the answers.
        while (channel.Wait() == ChannelResult.Done)
        {
            while (channel.TryReceive(out RingMessage message) == ChannelResult.Done)
            {
                if (message.Payload.Word0 == Polling.Mark)
                {
                    Polling.Answer(ref channel, message.Payload.Word1);
                    continue;
                }

                message.Payload.Word0++;
                if (channel.TrySend(in message) != ChannelResult.Done)
                {
                    // The caller has one question open at a time: there is always room.
                    ProgramExit.End(1);
                }
            }
        }
    }
}
