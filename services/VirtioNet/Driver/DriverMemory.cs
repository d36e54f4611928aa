using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.VirtioNet;

/// <summary>Where everything lies: for the driver, and for the device.</summary>
internal struct DriverMemory
{
    private const ulong PacketBytes = (ulong)LinkPage.Buffers * LinkPage.BufferBytes;

    /// <summary>Pages of the queues.</summary>
    internal MemoryRegion Queues;

    /// <summary>Rings of the stack.</summary>
    internal MemoryRegion Rings;

    /// <summary>Physical address of the page of what is received.</summary>
    internal ulong ReceivePage;

    /// <summary>Physical address of the page of what is sent.</summary>
    internal ulong SendPage;

    /// <summary>Physical address of the first buffer.</summary>
    internal ulong Packets;

    /// <summary>Finds it.</summary>
    /// <returns>False: the system does not give it, or the packets are in more than one frame.</returns>
    internal bool TryFind(in ProgramStart start)
    {
        Queues = start.Region("queues"u8);
        Rings = start.Region("rings"u8);
        uint queues = start.Find("queue-frames"u8);
        return Queues.Length >= 2 * (int)ImageLayout.PageSizeBytes && Rings.Length >= LinkPage.Bytes
            && new MemoryFrame(queues).GetAddress(out ReceivePage, out _) == SystemResult.Ok
            && new MemoryFrame(queues + 1).GetAddress(out SendPage, out _) == SystemResult.Ok
            && new MemoryFrame(start.Find("packet-frames"u8)).GetAddress(out Packets, out ulong bytes) == SystemResult.Ok && bytes >= PacketBytes;
    }

    /// <summary>Page of the queue of what is received.</summary>
    internal static Span<uint> Receive(MemoryRegion queues) => queues.Words.Slice(0, QueueLayout.WordsOfPage);

    /// <summary>Page of the queue of what is sent.</summary>
    internal static Span<uint> Send(MemoryRegion queues) => queues.Words.Slice(QueueLayout.WordsOfPage, QueueLayout.WordsOfPage);
}
