using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Calls through an endpoint of this core: four words in registers, the others in the thread's message buffer.</summary>
/// <param name="address">Address of the endpoint's capability.</param>
/// <param name="deadline">TSC value at which a call ends unanswered.</param>
public readonly struct EndpointTransport(ulong address, ulong deadline = Deadline.Never) : ICapabilityTransport
{
    /// <inheritdoc/>
    public Span<ulong> Words => ThreadBuffer.Words;

    /// <inheritdoc/>
    public CallResult Call(ulong method, uint words, out uint answered)
    {
        Cargo nothing = default;
        return Exchange(method, words, in nothing, out answered, out _);
    }

    /// <inheritdoc/>
    public CallResult Call(ulong method, uint words, ref readonly Cargo cargo, out uint answered, out uint came)
    {
        ThreadBuffer.Load(in cargo);
        if (!cargo.Admits)
        {
            return Exchange(method, words, in cargo, out answered, out came);
        }

        ThreadBuffer.Inbox.Admit();
        CallResult outcome = Exchange(method, words, in cargo, out answered, out came);
        ThreadBuffer.Admit(0, 0);
        return outcome;
    }

    private CallResult Exchange(ulong method, uint words, ref readonly Cargo cargo, out uint answered, out uint came)
    {
        Span<ulong> buffer = ThreadBuffer.Words;
        Message message = Message.Of(method, words, buffer[0], buffer[1], buffer[2], buffer[3]);
        message.Header = MessageHeader.Of(method, words, cargo.Count);
        SystemResult result = Ipc.Call(address, ref message, Deadline.Flags(deadline), deadline);
        if (result != SystemResult.Ok)
        {
            answered = 0;
            came = 0;
            return (CallResult)result;
        }

        buffer[0] = message.Word0;
        buffer[1] = message.Word1;
        buffer[2] = message.Word2;
        buffer[3] = message.Word3;
        answered = message.Header.Words;
        came = message.Header.Capabilities;
        return Refusals.Outcome(message.Header.Label);
    }
}

/// <summary>Answers through reply objects of this core.</summary>
public readonly struct EndpointReplies : ICapabilityReplies
{
    /// <inheritdoc/>
    public static Span<ulong> Words => ThreadBuffer.Words;

    /// <inheritdoc/>
    public static SystemResult Answer(uint reply, Refusal refusal, uint words) => Send(reply, (ulong)refusal, words, capabilities: 0);

    /// <inheritdoc/>
    public static SystemResult Answer(uint reply, uint words, ref readonly Cargo cargo)
    {
        ThreadBuffer.Load(in cargo);
        return Send(reply, (ulong)Refusal.None, words, cargo.Count);
    }

    private static SystemResult Send(uint reply, ulong label, uint words, uint capabilities)
    {
        ref ReplySet replies = ref ThreadBuffer.Replies;
        if (!replies.IsHeld(reply))
        {
            return SystemResult.NoCaller;
        }

        replies.Free(reply);
        Span<ulong> buffer = ThreadBuffer.Words;
        Message message = Message.Of(label, words, buffer[0], buffer[1], buffer[2], buffer[3]);
        message.Header = MessageHeader.Of(label, words, capabilities);
        return Ipc.Send(reply, ref message);
    }
}
