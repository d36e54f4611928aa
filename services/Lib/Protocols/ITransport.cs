using System;

namespace Atoll.Services.Lib;

/// <summary>How a client's message gets to the server and the answer back. A struct, so that nothing is called through a table.</summary>
public interface ITransport
{
    /// <summary>Where a message is written and its answer read: <see cref="Abi.MessageHeader.WordsMax"/> words. A call changes them.</summary>
    Span<ulong> Words { get; }

    /// <summary>Sends the first words and waits for the answer.</summary>
    /// <param name="method">Number of the method.</param>
    /// <param name="words">How many words the message has.</param>
    /// <param name="answered">How many the answer has.</param>
    CallResult Call(ulong method, uint words, out uint answered);
}

/// <summary>How a server answers callers that wait.</summary>
public interface IReplies
{
    /// <summary>Where an answer is written.</summary>
    static abstract Span<ulong> Words { get; }

    /// <summary>Sends the first words to who waits, and nobody waits there any more.</summary>
    /// <param name="reply">The reply object that holds the caller.</param>
    /// <param name="refusal">None, or why there is no answer.</param>
    /// <param name="words">How many words the answer has.</param>
    static abstract Abi.SystemResult Answer(uint reply, Refusal refusal, uint words);
}
