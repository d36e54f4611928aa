using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.VirtioNet;

/// <summary>Where everything lies: for the driver, and for the device.</summary>
[NonCopyable]
internal struct DriverMemory
{
    /// <summary>Pages of the queues.</summary>
    internal MemoryRegion Queues;

    /// <summary>Where the device finds the page of what is received.</summary>
    internal ulong ReceivePage;

    /// <summary>Where it finds the page of what is sent.</summary>
    internal ulong SendPage;

    /// <summary>Which connections are not where their share is: nobody else's memory.</summary>
    internal MemoryRegion Flows;

    /// <summary>What comes, readable.</summary>
    internal MemoryRegion Received;

    /// <summary>Slot of the frame that it is in.</summary>
    internal uint ReceivedFrame;

    /// <summary>Where the device finds it.</summary>
    internal ulong Packets;

    /// <summary>Ways to the stacks, those that the system gives.</summary>
    internal Doors Stacks;

    /// <summary>How many there are.</summary>
    internal uint StackCount;

    /// <summary>Finds it, and has the device reach it: queues for reading and writing, what comes for writing, what stacks send for reading.</summary>
    /// <param name="bus">Who says what the device reaches.</param>
    /// <param name="start">What the program was given.</param>
    /// <returns>False: the system does not give it, what belongs together is in more than one frame, or the device cannot reach it.</returns>
    internal bool TryFind(PciClient bus, in ProgramStart start)
    {
        Queues = start.Region("queues"u8);
        Flows = start.Region("flows"u8);
        Received = start.Region("received"u8);
        ReceivedFrame = start.Find("received-frame"u8);
        uint queues = start.Find("queue-frames"u8);
        TryAdd(bus, in start, "stack-1"u8, "lane-1"u8, "lane-1-frame"u8);
        TryAdd(bus, in start, "stack-2"u8, "lane-2"u8, "lane-2-frame"u8);
        TryAdd(bus, in start, "stack-3"u8, "lane-3"u8, "lane-3-frame"u8);
        TryAdd(bus, in start, "stack-4"u8, "lane-4"u8, "lane-4-frame"u8);
        return StackCount != 0 && Queues.Length >= 2 * (int)ImageLayout.PageSizeBytes && Received.Length >= LinkPage.ReceiveBytes && Flows.LongWords.Length >= AdoptedFlows.Words
            && TryReach(bus, queues, DeviceAccess.ReadAndWrite, ImageLayout.PageSizeBytes, out ReceivePage)
            && TryReach(bus, queues + 1, DeviceAccess.ReadAndWrite, ImageLayout.PageSizeBytes, out SendPage)
            && TryReach(bus, ReceivedFrame, DeviceAccess.Write, LinkPage.ReceiveBytes, out Packets);
    }

    /// <summary>Page of the queue of what is received.</summary>
    internal static Span<uint> Receive(MemoryRegion queues) => queues.Words.Slice(0, QueueLayout.WordsOfPage);

    /// <summary>Page of the queue of what is sent.</summary>
    internal static Span<uint> Send(MemoryRegion queues) => queues.Words.Slice(QueueLayout.WordsOfPage, QueueLayout.WordsOfPage);

    private static bool TryReach(PciClient bus, uint slot, DeviceAccess access, ulong least, out ulong address)
    {
        MemoryFrame frame = new(slot);
        address = 0;
        return frame.GetAddress(out _, out ulong bytes) == SystemResult.Ok && bytes >= least
            && bus.Map(frame, access, out address, out PciAnswer answer) == CallResult.Ok && answer == PciAnswer.Done;
    }

    private void TryAdd(PciClient bus, in ProgramStart start, ReadOnlySpan<byte> stack, ReadOnlySpan<byte> lane, ReadOnlySpan<byte> frame)
    {
        RingChannel channel = RingChannel.Of(in start, stack);
        MemoryRegion memory = start.Region(lane);
        uint slot = start.Find(frame);
        if (channel.IsGiven && memory.Length >= LinkPage.LaneBytes
            && TryReach(bus, slot, DeviceAccess.Read, LinkPage.LaneBytes, out ulong address))
        {
            ref StackDoor door = ref Stacks[(int)StackCount++];
            door.Channel = channel;
            door.Memory = memory;
            door.Frame = slot;
            door.Packets = address + LinkPage.SendOffset;
        }
    }

    /// <summary>A way to each stack.</summary>
    [NonCopyable]
    [InlineArray((int)FrameTransfer.StacksMax)]
    internal struct Doors
    {
        private StackDoor _door0;
    }
}
