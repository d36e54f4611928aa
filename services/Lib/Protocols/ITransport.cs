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

/// <summary>A transport that capabilities can travel over. Protocols that carry them ask for one.</summary>
public interface ICapabilityTransport : ITransport
{
    /// <summary>Sends the first words with capabilities and waits for the answer.</summary>
    /// <param name="method">Number of the method.</param>
    /// <param name="words">How many words the message has.</param>
    /// <param name="cargo">What goes along, and whether something may come back.</param>
    /// <param name="answered">How many words the answer has.</param>
    /// <param name="came">How many capabilities are in the inbox now.</param>
    CallResult Call(ulong method, uint words, ref readonly Cargo cargo, out uint answered, out uint came);
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

/// <summary>Answers that capabilities can go along with.</summary>
public interface ICapabilityReplies : IReplies
{
    /// <summary>Sends the first words and capabilities to who waits, and nobody waits there any more.</summary>
    static abstract Abi.SystemResult Answer(uint reply, uint words, ref readonly Cargo cargo);
}
