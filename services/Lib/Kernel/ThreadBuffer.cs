using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The message buffer of a program's first thread, and what lies behind it.</summary>
public static class ThreadBuffer
{
    private const ulong InboxAddress = ProgramInformation.BufferAddress + MessageBuffer.SizeBytes;

    /// <summary>The words of a message: the first four travel in registers and are the program's own here.</summary>
    public static Span<ulong> Words => WordBytes.Of(ref Buffer.Words);

    /// <summary>The reply objects of the loop that this thread serves with.</summary>
    [Trusted(Safety = "The page of the buffer is the program's own, and the kernel uses nothing of a buffer from there on.")]
    public static unsafe ref ReplySet Replies => ref *(ReplySet*)(ProgramInformation.BufferAddress + MessageBuffer.OwnOffset);

    /// <summary>Channels that the loop's next wait rings.</summary>
    [Trusted(Safety = "The page of the buffer is the program's own; the reply objects before it end there, and the buffer behind it.")]
    public static unsafe ref Bells Bells => ref *(Bells*)(ProgramInformation.BufferAddress + MessageBuffer.OwnOffset + (ulong)sizeof(ReplySet));

    /// <summary>Where capabilities come in.</summary>
    [Trusted(Safety = "The page of the buffer is the program's own, and the buffer ends before.")]
    public static unsafe ref Inbox Inbox => ref *(Inbox*)InboxAddress;

    [Trusted(Safety = "Init maps the page there, writable, before the program begins.")]
    private static unsafe ref MessageBuffer Buffer => ref *(MessageBuffer*)ProgramInformation.BufferAddress;

    /// <summary>Says which capabilities the next message takes along.</summary>
    public static void Load(ref readonly Cargo cargo)
    {
        for (uint index = 0; index < cargo.Count && index < MessageHeader.CapabilitiesMax; index++)
        {
            Buffer.Capabilities[(int)index] = cargo.Given(index);
        }
    }

    /// <summary>Where the kernel puts capabilities that come.</summary>
    /// <param name="node">Address of a CNode; 0: none may come.</param>
    /// <param name="first">Its first slot for them.</param>
    public static void Admit(ulong node, uint first)
    {
        Buffer.ReceiveNode = node;
        Buffer.ReceiveIndex = first;
    }
}
