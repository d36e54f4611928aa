using Atoll.Abi;
using Atoll.Boot;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>A traffic message that is not exactly the one that was due is noticed.</summary>
public sealed unsafe class TrafficMessageTests
{
    [Fact]
    public void GoodMessages_AreGood() => Seeds.ForEach(200, random =>
    {
        ulong number = (ulong)random.NextInt64();
        RingMessage message = TrafficMessage.Make(number, (uint)random.Next());

        Assert.Equal(TrafficCheck.Good, TrafficMessage.Verify(in message, number));
    });

    /// <summary>60 bytes, 480 bits, each flipped alone.</summary>
    [Fact]
    public void EverySingleFlippedBit_IsNoticed()
    {
        foreach (ulong number in (ulong[])[0, 1, 99_999, 1UL << 32, ulong.MaxValue])
        {
            for (int bit = 0; bit < 480; bit++)
            {
                RingMessage message = TrafficMessage.Make(number, sender: 5);
                ((byte*)&message)[bit / 8] ^= (byte)(1 << (bit % 8));

                Assert.NotEqual(TrafficCheck.Good, TrafficMessage.Verify(in message, number));
            }
        }
    }

    [Fact]
    public void WordsOfAnotherMessage_AreNoticed()
    {
        for (int word = 0; word < 7; word++)
        {
            RingMessage message = TrafficMessage.Make(41, sender: 1);
            RingMessage other = TrafficMessage.Make(42, sender: 2);
            ((ulong*)&message)[word] = ((ulong*)&other)[word];

            Assert.NotEqual(TrafficCheck.Good, TrafficMessage.Verify(in message, 41));
        }
    }

    [Fact]
    public void LostOrDoubledMessages_HaveTheWrongNumber()
    {
        RingMessage message = TrafficMessage.Make(7, sender: 0);

        Assert.Equal(TrafficCheck.WrongNumber, TrafficMessage.Verify(in message, 6));
        Assert.Equal(TrafficCheck.WrongNumber, TrafficMessage.Verify(in message, 8));
        message.Meta = 0;
        Assert.Equal(TrafficCheck.WrongKind, TrafficMessage.Verify(in message, 7));
        Assert.NotEqual(TrafficCheck.Good, TrafficMessage.Verify(default, 0));
    }
}
