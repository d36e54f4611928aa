using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A message that a server received, and what it answers. Copies: the server may call others in between.</summary>
public struct Exchange
{
    private MessageWords _asked;
    private MessageWords _answer;

    /// <summary>Who asked; or the bits of a signal.</summary>
    public ulong Badge;

    /// <summary>Number of the method.</summary>
    public ulong Method;

    /// <summary>Words that were asked.</summary>
    public uint AskedWords;

    /// <summary>Capabilities that came with it: they are in the thread's inbox until it is answered or put off.</summary>
    public uint AskedCapabilities;

    /// <summary>None; or why it is not answered.</summary>
    public Refusal Refusal;

    /// <summary>Words of the answer.</summary>
    public uint AnswerWords;

    /// <summary>Capabilities of the answer.</summary>
    public uint AnswerCapabilities;

    /// <summary>The reply object that holds the caller.</summary>
    public uint Reply;

    /// <summary>Whether it is a signal: nobody asked anything.</summary>
    public bool IsSignal;

    /// <summary>Whether the caller may be answered later.</summary>
    public bool MayDefer;

    /// <summary>Whether it is answered later.</summary>
    public bool IsDeferred;

    /// <summary>Who asked.</summary>
    public readonly Caller Caller => new(Badge);

    /// <summary>The words that were asked, all there is room for.</summary>
    public static Span<ulong> Asked(ref Exchange exchange) => WordBytes.Of(ref exchange._asked);

    /// <summary>The words of the answer, all there is room for.</summary>
    public static Span<ulong> Answer(ref Exchange exchange) => WordBytes.Of(ref exchange._answer);

    /// <summary>Reads what was asked.</summary>
    public static MessageReader Read(ref Exchange exchange) => new(Asked(ref exchange), exchange.AskedWords);

    /// <summary>A message came.</summary>
    /// <param name="badge">Badge of who sent it, or the bits of a signal.</param>
    /// <param name="header">Its header.</param>
    /// <param name="words">Words that came.</param>
    /// <param name="mayDefer">Whether its sender may be answered later.</param>
    public void Begin(ulong badge, MessageHeader header, uint words, bool mayDefer)
    {
        Badge = badge;
        Method = header.Label;
        AskedWords = words;
        AskedCapabilities = header.Capabilities;
        ThreadBuffer.Inbox.Take(AskedCapabilities);
        AnswerCapabilities = 0;
        IsSignal = header.IsSignal;
        MayDefer = mayDefer;
        IsDeferred = false;
    }

    /// <summary>The caller waits: the server answers later.</summary>
    /// <returns>The reply object that holds it.</returns>
    public uint Defer()
    {
        IsDeferred = true;
        return Reply;
    }

    /// <summary>The answer is written.</summary>
    /// <returns>None; AnswerInvalid: it does not fit into a message.</returns>
    public Refusal End(ref readonly MessageWriter answer)
    {
        if (answer.IsTooLong)
        {
            return Refusal.AnswerInvalid;
        }

        AnswerWords = answer.Count;
        return Refusal.None;
    }

    /// <summary>The answer is written, and takes capabilities along.</summary>
    /// <returns>As <see cref="End(ref readonly MessageWriter)"/>.</returns>
    public Refusal End(ref readonly MessageWriter answer, ref readonly Cargo cargo)
    {
        AnswerCapabilities = cargo.Count;
        ThreadBuffer.Load(in cargo);
        return End(in answer);
    }
}

/// <summary>Who called a server.</summary>
/// <param name="badge">What the maker of the client's capability wrote into it.</param>
public readonly struct Caller(ulong badge)
{
    /// <summary>What the maker of the client's capability wrote into it; the client cannot change it.</summary>
    public readonly ulong Badge = badge;
}
