using Atoll.Abi;
using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>
/// Both ends of a ring in a random order: nothing lost, doubled or reordered, Full only when full, Empty only when
/// empty.
/// </summary>
public sealed class RingSimulationTests
{
    private const int Steps = 20_000;

    [Fact]
    public void EveryInterleaving_KeepsOrder() => Seeds.ForEach(8, random => Simulate(random, startAt: 0));

    /// <summary>Positions are 32 bits wide and wrap after 2^32 messages.</summary>
    [Fact]
    public void EveryInterleaving_KeepsOrder_AcrossTheWrap() =>
        Seeds.ForEach(8, random => Simulate(random, startAt: uint.MaxValue - (uint)random.Next(2000)));

    /// <summary>64 slots, the last four of them for control messages only.</summary>
    [Fact]
    public void FullRing_CanStillSayGoodbye()
    {
        using var ring = new RingFixture();
        RingMessage message = RingFixture.Message(1);
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(SendResult.Sent, ring.Sender.TrySend<CoherentMemory>(in message));
        }

        Assert.Equal(SendResult.Full, ring.Sender.TrySend<CoherentMemory>(in message));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(SendResult.Sent, ring.Sender.TrySendControl<CoherentMemory>(in message));
        }

        Assert.Equal(SendResult.Full, ring.Sender.TrySendControl<CoherentMemory>(in message));
        Assert.Equal(64u, ring.Sender.Position);
        Assert.Equal(ReceiveResult.Received, ring.Receiver.TryReceive<CoherentMemory>(out _));
        Assert.Equal(SendResult.Full, ring.Sender.TrySend<CoherentMemory>(in message));
        Assert.Equal(SendResult.Sent, ring.Sender.TrySendControl<CoherentMemory>(in message));
    }

    [Fact]
    public unsafe void Full_WritesNothing()
    {
        using var ring = new RingFixture();
        RingMessage message = RingFixture.Message(7);
        while (ring.Sender.TrySend<CoherentMemory>(in message) == SendResult.Sent)
        {
        }

        byte[] before = new ReadOnlySpan<byte>(ring.Slots, HostPages.PageBytes).ToArray();
        RingMessage another = RingFixture.Message(8);
        Assert.Equal(SendResult.Full, ring.Sender.TrySend<CoherentMemory>(in another));
        Assert.Equal(before, new ReadOnlySpan<byte>(ring.Slots, HostPages.PageBytes).ToArray());
    }

    [Fact]
    public unsafe void Attach_RefusesWhatIsNoRing()
    {
        using var pages = new HostPages(1);
        RingSlot* slots = (RingSlot*)pages.Start;
        RingSlot* crooked = (RingSlot*)(pages.Start + 32);

        Assert.Throws<CheckFailedException>(() => default(RingSender).Attach(crooked, 8));
        Assert.Throws<CheckFailedException>(() => default(RingReceiver).Attach(crooked, 8));
        Assert.Throws<CheckFailedException>(() => default(RingSender).Attach(slots, 4));
        foreach (uint count in (uint[])[0, 3, 63])
        {
            Assert.Throws<CheckFailedException>(() => default(RingSender).Attach(slots, count));
            Assert.Throws<CheckFailedException>(() => default(RingReceiver).Attach(slots, count));
        }

        Assert.False(default(RingSender).IsAttached);
        Assert.False(default(RingReceiver).IsAttached);
    }

    private static void Simulate(Random random, uint startAt)
    {
        using var ring = new RingFixture();
        ring.StartAt(startAt);
        ulong sent = 0;
        ulong received = 0;
        for (int step = 0; step < Steps; step++)
        {
            // Phases in which one end is faster drive the ring to both of its ends.
            int sendPercent = step / 500 % 2 == 0 ? 70 : 30;
            if (random.Next(100) < sendPercent)
            {
                RingMessage message = RingFixture.Message(sent);
                bool isControl = random.Next(5) == 0;
                SendResult result = isControl
                    ? ring.Sender.TrySendControl<CoherentMemory>(in message)
                    : ring.Sender.TrySend<CoherentMemory>(in message);
                Assert.Equal(sent - received < (isControl ? 64u : 60) ? SendResult.Sent : SendResult.Full, result);
                sent += result == SendResult.Sent ? 1u : 0u;
            }
            else
            {
                ReceiveResult result = ring.Receiver.TryReceive<CoherentMemory>(out RingMessage message);
                Assert.Equal(sent == received ? ReceiveResult.Empty : ReceiveResult.Received, result);
                if (result == ReceiveResult.Received)
                {
                    Assert.True(RingFixture.Is(in message, received), $"message {received} is not what was sent");
                    received++;
                }
            }
        }

        Assert.True(received > Steps / 4);
        Assert.Equal(startAt + (uint)sent, ring.Sender.Position);
        ring.AssertGuardsIntact();
    }
}
