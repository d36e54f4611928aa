using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>A queue gives each buffer once and takes each back once, whatever the device writes.</summary>
public sealed class VirtqueueServerTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(128)]
    public void Buffers_GoAndComeBack_ManyTimesAround(int size)
    {
        LyingDevice device = new(size, isWritten: true);
        HashSet<uint> given = [];
        uint number = 0;
        for (int round = 0; round < 3000; round++)
        {
            while (device.Queue.TryGive(device.Page, 0x8_0000_0000UL + number, 1514, number % 1000))
            {
                Assert.True(given.Add(number++ % 1000));
            }

            Assert.Equal(size / 2, device.Queue.Count);
            _ = device.Queue.Publish(device.Page);
            while (device.HasMore)
            {
                (uint head, ulong header, ulong address, uint bytes, bool isWritten) = device.Next();
                Assert.True(isWritten);
                Assert.InRange(header, LyingDevice.PageAddress + 3588 + 4, LyingDevice.PageAddress + 4096 - 12);
                Assert.True(address >= 0x8_0000_0000);
                Assert.Equal(1514u, bytes);
                device.Use(head, 12 + 60);
            }

            while (device.Queue.TryTake(device.Page, out uint buffer, out int length) == QueueTake.Taken)
            {
                Assert.Equal(60, length);
                Assert.True(given.Remove(buffer));
            }

            Assert.Empty(given);
        }
    }

    [Fact]
    public void Sent_AreReadByTheDevice()
    {
        LyingDevice device = new(8, isWritten: false);
        Assert.True(device.Queue.TryGive(device.Page, 0x5000, 99, 7));
        _ = device.Queue.Publish(device.Page);
        (uint head, _, ulong address, uint bytes, bool isWritten) = device.Next();
        Assert.Equal((0x5000ul, 99u, false), (address, bytes, isWritten));
        // A device that reads may say any length.
        device.Use(head, 0xFFFF_FFFF);
        Assert.Equal(QueueTake.Taken, device.Queue.TryTake(device.Page, out uint buffer, out int length));
        Assert.Equal((7u, 0), (buffer, length));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(0x8000)]
    [InlineData(0xFFFF)]
    public void IndexBeyondWhatWasGiven_IsALie(int index)
    {
        LyingDevice device = Given(1);
        device.SetUsed((ushort)index);
        Assert.Equal(QueueTake.IndexTooFar, device.Queue.TryTake(device.Page, out _, out _));
        Assert.Equal(1, device.Queue.Count);
    }

    [Theory]
    [InlineData(16u)]
    [InlineData(1u)]
    [InlineData(15u)]
    [InlineData(0x1_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    public void NumberOfNoBuffer_IsALie(uint number)
    {
        LyingDevice device = Given(1);
        device.Use(number, 12 + 60);
        Assert.Equal(QueueTake.NumberOutOfRange, device.Queue.TryTake(device.Page, out _, out _));
    }

    [Fact]
    public void BufferThatTheDeviceDoesNotHave_IsALie()
    {
        LyingDevice device = Given(2);
        (uint head, _, _, _, _) = device.Next();
        device.Use(head, 12 + 60);
        Assert.Equal(QueueTake.Taken, device.Queue.TryTake(device.Page, out _, out _));
        // Once more the same, while another is still out.
        device.Use(head, 12 + 60);
        Assert.Equal(QueueTake.NotGiven, device.Queue.TryTake(device.Page, out _, out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(11u)]
    [InlineData(12u + 1515)]
    [InlineData(0xFFFF_FFFFu)]
    public void LengthThatDoesNotFit_IsALie(uint bytes)
    {
        LyingDevice device = Given(1);
        (uint head, _, _, _, _) = device.Next();
        device.Use(head, bytes);
        Assert.Equal(QueueTake.LengthInvalid, device.Queue.TryTake(device.Page, out _, out _));
    }

    [Theory]
    [InlineData(12u, 0)]
    [InlineData(12u + 1514, 1514)]
    public void LengthsAtTheEdges_AreTaken(uint bytes, int length)
    {
        LyingDevice device = Given(1);
        (uint head, _, _, _, _) = device.Next();
        device.Use(head, bytes);
        Assert.Equal(QueueTake.Taken, device.Queue.TryTake(device.Page, out _, out int said));
        Assert.Equal(length, said);
    }

    [Fact]
    public void DescriptorsThatTheDeviceWrites_ChangeNothing()
    {
        LyingDevice device = Given(3);
        List<uint> heads = [];
        while (device.HasMore)
        {
            heads.Add(device.Next().Head);
        }

        Array.Fill(device.Page, 0xFFFF_FFFFu, 0, 512);
        foreach (uint head in heads)
        {
            device.Use(head, 12 + 60);
        }

        HashSet<uint> back = [];
        while (device.Queue.TryTake(device.Page, out uint buffer, out int length) == QueueTake.Taken)
        {
            Assert.Equal(60, length);
            back.Add(buffer);
        }

        Assert.Equal([0u, 1u, 2u], back.Order());
    }

    /// <summary>"Available Buffer Notifications": the device is notified when the index passes the one that it has named.</summary>
    [Fact]
    public void Device_IsNotifiedWhenItsIndexIsPassed()
    {
        LyingDevice device = new(16, isWritten: true);
        device.NotifyAt(0);
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 0));
        Assert.True(device.Queue.Publish(device.Page));
        Assert.False(device.Queue.Publish(device.Page));

        device.NotifyAt(3);
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 1));
        Assert.False(device.Queue.Publish(device.Page));
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 2));
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 3));
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 4));
        Assert.True(device.Queue.Publish(device.Page));
    }

    [Fact]
    public void WithoutEvents_FlagsSayIt()
    {
        LyingDevice device = new(16, isWritten: true, hasEvents: false);
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 0));
        Assert.True(device.Queue.Publish(device.Page));
        Assert.Equal(1u, device.Page[512] & 0xFFFF);
        device.Page[640] = 1;
        Assert.True(device.Queue.TryGive(device.Page, 0x1000, 1514, 1));
        Assert.False(device.Queue.Publish(device.Page));
        Assert.True(device.Queue.TryArm(device.Page));
        Assert.Equal(0u, device.Page[512] & 0xFFFF);
        Assert.Equal(2, device.Available);
    }

    [Fact]
    public void Interrupt_IsWantedForTheNext_AndWhatCameMeanwhileIsSeen()
    {
        LyingDevice device = Given(2);
        Assert.True(device.Queue.TryArm(device.Page));
        Assert.Equal(0, device.InterruptAt);
        (uint head, _, _, _, _) = device.Next();
        device.Use(head, 12 + 60);
        Assert.False(device.Queue.TryArm(device.Page));
        Assert.Equal(QueueTake.Taken, device.Queue.TryTake(device.Page, out _, out _));
        Assert.True(device.Queue.TryArm(device.Page));
        Assert.Equal(1, device.InterruptAt);
    }

    [Fact]
    public void AfterAReset_EveryBufferIsRecalledOnce()
    {
        LyingDevice device = Given(5);
        HashSet<uint> back = [];
        while (device.Queue.TryRecall(out uint buffer))
        {
            Assert.True(back.Add(buffer));
        }

        Assert.Equal([0u, 1u, 2u, 3u, 4u], back.Order());
        Assert.Equal(0, device.Queue.Count);
    }

    /// <summary>Pages of noise: no answer but a named one, and never a buffer that was not given, or one twice.</summary>
    [Fact]
    public void Noise_NeverGivesABufferTwice()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Random random = new(seed);
            LyingDevice device = Given(1 + random.Next(8));
            HashSet<uint> given = [.. Enumerable.Range(0, device.Queue.Count).Select(number => (uint)number)];
            for (int step = 0; step < 20; step++)
            {
                device.Page[640] = (uint)random.Next(12) << 16;
                device.Page[641 + random.Next(32)] = (uint)random.Next(20);
                device.Page[641 + random.Next(32)] = (uint)random.Next(1600);
                if (device.Queue.TryTake(device.Page, out uint buffer, out int length) == QueueTake.Taken)
                {
                    Assert.True(given.Remove(buffer), $"seed {seed}");
                    Assert.InRange(length, 0, 1514);
                }
            }

            Assert.Equal(given.Count, device.Queue.Count);
        }
    }

    private static LyingDevice Given(int count)
    {
        LyingDevice device = new(16, isWritten: true);
        for (uint buffer = 0; buffer < count; buffer++)
        {
            Assert.True(device.Queue.TryGive(device.Page, 0x1000 * (buffer + 1), 1514, buffer));
        }

        _ = device.Queue.Publish(device.Page);
        return device;
    }
}
