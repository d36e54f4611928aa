using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The message buffer of the calling thread, in host tests.</summary>
public static class ThreadBuffer
{
    [ThreadStatic]
    private static MessageBuffer t_buffer;

    [ThreadStatic]
    private static ReplySet t_replies;

    [ThreadStatic]
    private static Inbox t_inbox;

    [ThreadStatic]
    private static Bells t_bells;

    /// <summary>All of it, as the kernel sees it.</summary>
    public static ref MessageBuffer Buffer => ref t_buffer;

    /// <summary>The words of a message.</summary>
    public static Span<ulong> Words => WordBytes.Of(ref t_buffer.Words);

    /// <summary>The reply objects of the loop that this thread serves with.</summary>
    public static ref ReplySet Replies => ref t_replies;

    /// <summary>Channels that the loop's next wait rings.</summary>
    public static ref Bells Bells => ref t_bells;

    /// <summary>Where capabilities come in.</summary>
    public static ref Inbox Inbox => ref t_inbox;

    /// <summary>Says which capabilities the next message takes along.</summary>
    public static void Load(ref readonly Cargo cargo)
    {
        for (uint index = 0; index < cargo.Count; index++)
        {
            t_buffer.Capabilities[(int)index] = cargo.Given(index);
        }
    }

    /// <summary>Where the kernel puts capabilities that come.</summary>
    public static void Admit(ulong node, uint first)
    {
        t_buffer.ReceiveNode = node;
        t_buffer.ReceiveIndex = first;
    }
}
