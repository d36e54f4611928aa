using Atoll.Abi;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>One ring between two guard pages, with both of its ends.</summary>
internal sealed unsafe class RingFixture : IDisposable
{
    /// <summary>Slots of the ring: one page.</summary>
    public const uint SlotCount = RingSlot.PerPage;

    private const byte Guard = 0xA5;
    private readonly HostPages _pages = new(3);
    private RingSender _sender;
    private RingReceiver _receiver;

    /// <summary>Makes a fresh ring.</summary>
    public RingFixture()
    {
        _pages.Bytes.Fill(Guard);
        new Span<byte>(Slots, HostPages.PageBytes).Clear();
        RingMemory.Prepare(Slots, SlotCount);
        _sender.Attach(Slots, SlotCount);
        _receiver.Attach(Slots, SlotCount);
    }

    /// <summary>The shared page.</summary>
    public RingSlot* Slots => (RingSlot*)_pages.Page(1);

    /// <summary>The producer's end.</summary>
    public ref RingSender Sender => ref _sender;

    /// <summary>The consumer's end.</summary>
    public ref RingReceiver Receiver => ref _receiver;

    /// <summary>A message that tells its number in every word.</summary>
    public static RingMessage Message(ulong number)
    {
        RingMessage message = default;
        message.Payload.Word0 = number;
        message.Payload.Word1 = ~number;
        message.Payload.Word2 = number << 7;
        message.Payload.Word3 = number * 3;
        message.Payload.Word4 = number + 4;
        message.Payload.Word5 = number ^ 0x5555;
        message.Payload.Word6 = ulong.MaxValue - number;
        message.Meta = (uint)number ^ 0xABCD_0000;
        return message;
    }

    /// <summary>Whether every word is that of <see cref="Message"/>.</summary>
    public static bool Is(in RingMessage message, ulong number)
    {
        RingMessage expected = Message(number);
        fixed (RingMessage* seen = &message)
        {
            return new ReadOnlySpan<byte>(seen, 60).SequenceEqual(new ReadOnlySpan<byte>(&expected, 60));
        }
    }

    /// <summary>Moves a ring that nothing has passed through to any position, as if so many messages had.</summary>
    /// <remarks>
    /// Both ends keep their position in their fourth 32-bit word; that it took effect is read back through the public
    /// property.
    /// </remarks>
    public void StartAt(uint position)
    {
        for (uint i = 0; i < SlotCount; i++)
        {
            uint due = position + i;
            Slots[due % SlotCount].Sequence = due;
        }

        fixed (RingSender* sender = &_sender)
        fixed (RingReceiver* receiver = &_receiver)
        {
            ((uint*)sender)[3] = position;
            ((uint*)receiver)[3] = position;
        }

        Assert.Equal(position, _sender.Position);
        Assert.Equal(position, _receiver.Position);
    }

    /// <summary>Nothing was written beside the ring.</summary>
    public void AssertGuardsIntact()
    {
        Assert.Equal(-1, new ReadOnlySpan<byte>(_pages.Page(0), HostPages.PageBytes).IndexOfAnyExcept(Guard));
        Assert.Equal(-1, new ReadOnlySpan<byte>(_pages.Page(2), HostPages.PageBytes).IndexOfAnyExcept(Guard));
    }

    /// <inheritdoc/>
    public void Dispose() => _pages.Dispose();
}
