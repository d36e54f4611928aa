using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Calls through an endpoint of this core: four words in registers, the others in the thread's message buffer.</summary>
/// <param name="address">Address of the endpoint's capability.</param>
/// <param name="deadline">TSC value at which a call ends unanswered.</param>
public readonly struct EndpointTransport(ulong address, ulong deadline = Deadline.Never) : ITransport
{
    /// <inheritdoc/>
    public Span<ulong> Words => ThreadBuffer.Words;

    /// <inheritdoc/>
    public CallResult Call(ulong method, uint words, out uint answered)
    {
        Span<ulong> buffer = ThreadBuffer.Words;
        Message message = Message.Of(method, words, buffer[0], buffer[1], buffer[2], buffer[3]);
        SystemResult result = Ipc.Call(address, ref message, Deadline.Flags(deadline), deadline);
        if (result != SystemResult.Ok)
        {
            answered = 0;
            return (CallResult)result;
        }

        buffer[0] = message.Word0;
        buffer[1] = message.Word1;
        buffer[2] = message.Word2;
        buffer[3] = message.Word3;
        answered = message.Header.Words;
        return Refusals.Outcome(message.Header.Label);
    }
}

/// <summary>Answers through reply objects of this core.</summary>
public readonly struct EndpointReplies : IReplies
{
    /// <inheritdoc/>
    public static Span<ulong> Words => ThreadBuffer.Words;

    /// <inheritdoc/>
    public static SystemResult Answer(uint reply, Refusal refusal, uint words)
    {
        ref ReplySet replies = ref ThreadBuffer.Replies;
        if (!replies.IsHeld(reply))
        {
            return SystemResult.NoCaller;
        }

        replies.Free(reply);
        Span<ulong> buffer = ThreadBuffer.Words;
        Message message = Message.Of((ulong)refusal, words, buffer[0], buffer[1], buffer[2], buffer[3]);
        return Ipc.Send(reply, ref message);
    }
}
