using System.Threading.Channels;
using Atoll.Abi;
using Atoll.Ipc;
using Atoll.RingSampler.Machine;

namespace Atoll.RingSampler.Contenders;

/// <summary>Every contender written in C#.</summary>
internal static unsafe class ContenderCatalog
{
    /// <summary>All that this process can run, by the names that requests use.</summary>
    internal static IReadOnlyDictionary<string, Contender> All { get; } = Create();

    /// <summary>The product's ring.</summary>
    internal static Queue<KernelRingSender, KernelRingReceiver> Kernel(uint slotCount)
    {
        LineMemory memory = PrepareSlots(slotCount, out RingSlot* slots);
        return new(new KernelRingSender(slots, slotCount), new KernelRingReceiver(slots, slotCount), memory);
    }

    /// <summary>The product's ring with wide stores.</summary>
    internal static Queue<WideRingSender, WideRingReceiver> Wide(uint slotCount)
    {
        LineMemory memory = PrepareSlots(slotCount, out RingSlot* slots);
        return new(new WideRingSender(slots, slotCount), new WideRingReceiver(slots, slotCount), memory);
    }

    /// <summary>A ring with two indices.</summary>
    internal static Queue<LamportSender, LamportReceiver> Lamport(uint slotCount)
    {
        var memory = new LineMemory(LamportIndices.SizeBytes + (int)(slotCount * sizeof(RingMessage)));
        return new(new LamportSender(memory.Start, slotCount), new LamportReceiver(memory.Start, slotCount), memory);
    }

    /// <summary>The base class library's bounded channel.</summary>
    internal static Queue<ChannelSender, ChannelReceiver> BoundedChannel(uint slotCount)
    {
        Channel<RingMessage> channel = ChannelSender.Create((int)slotCount);
        return new(new ChannelSender(channel.Writer), new ChannelReceiver(channel.Reader));
    }

    private static Dictionary<string, Contender> Create()
    {
        var all = new Dictionary<string, Contender>
        {
            ["kernel"] = new Contender<KernelRingSender, KernelRingReceiver>(Kernel),
            ["lamport"] = new Contender<LamportSender, LamportReceiver>(Lamport),
            ["channel"] = new Contender<ChannelSender, ChannelReceiver>(BoundedChannel),
        };
        if (WideRingSender.IsSupported)
        {
            all["wide"] = new Contender<WideRingSender, WideRingReceiver>(Wide);
        }

        return all;
    }

    private static LineMemory PrepareSlots(uint slotCount, out RingSlot* slots)
    {
        var memory = new LineMemory((int)(slotCount * RingSlot.SizeBytes));
        slots = (RingSlot*)memory.Start;
        RingMemory.Prepare(slots, slotCount);
        return memory;
    }
}
