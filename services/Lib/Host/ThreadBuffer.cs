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

    /// <summary>The words of a message.</summary>
    public static Span<ulong> Words => WordBytes.Of(ref t_buffer.Words);

    /// <summary>The reply objects of the loop that this thread serves with.</summary>
    public static ref ReplySet Replies => ref t_replies;
}
