using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The message buffer of a program's first thread, and what lies behind it.</summary>
public static class ThreadBuffer
{
    /// <summary>The words of a message: the first four travel in registers and are the program's own here.</summary>
    public static Span<ulong> Words => WordBytes.Of(ref Buffer.Words);

    /// <summary>The reply objects of the loop that this thread serves with.</summary>
    [Trusted(Safety = "The page of the buffer is the program's own, and the kernel uses nothing of a buffer from there on.")]
    public static unsafe ref ReplySet Replies => ref *(ReplySet*)(ProgramInformation.BufferAddress + MessageBuffer.OwnOffset);

    [Trusted(Safety = "Init maps the page there, writable, before the program begins.")]
    private static unsafe ref MessageBuffer Buffer => ref *(MessageBuffer*)ProgramInformation.BufferAddress;
}
