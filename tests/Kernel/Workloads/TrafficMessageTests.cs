using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Workloads;

/// <summary>A traffic message that is not exactly the one that was due is noticed.</summary>
public sealed unsafe class TrafficMessageTests
{
    // The link checks these itself: the reserved word and the epoch.
    private static readonly int[] s_bytesOfTheLink = [4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

    [Fact]
    public void GoodMessages_AreGood() => Seeds.ForEach(200, random =>
    {
        ulong number = (ulong)random.NextInt64();
        TrialMessage kind = random.Next(2) == 0 ? TrialMessage.Traffic : TrialMessage.Token;
        TrafficMessage.Make(kind, number, (uint)random.Next(), out LinkMessage message);

        Assert.Equal(TrafficCheck.Good, TrafficMessage.Verify(in message, number));
    });

    /// <summary>44 bytes, 352 bits, each flipped alone.</summary>
    [Fact]
    public void EverySingleFlippedBit_IsNoticed()
    {
        foreach (ulong number in (ulong[])[0, 1, 99_999, 1UL << 32, ulong.MaxValue])
        {
            for (int bit = 0; bit < 56 * 8; bit++)
            {
                TrafficMessage.Make(TrialMessage.Traffic, number, sender: 5, out LinkMessage message);
                ((byte*)&message)[bit / 8] ^= (byte)(1 << (bit % 8));
                TrafficCheck check = TrafficMessage.Verify(in message, number);

                Assert.Equal(s_bytesOfTheLink.Contains(bit / 8), check == TrafficCheck.Good);
            }
        }
    }

    [Fact]
    public void WordsOfAnotherMessage_AreNoticed()
    {
        foreach (int word in (int[])[0, 1, 3, 4, 5, 6])
        {
            TrafficMessage.Make(TrialMessage.Traffic, 41, sender: 1, out LinkMessage message);
            TrafficMessage.Make(TrialMessage.Token, 42, sender: 2, out LinkMessage other);
            ((ulong*)&message)[word] = ((ulong*)&other)[word];

            Assert.NotEqual(TrafficCheck.Good, TrafficMessage.Verify(in message, 41));
        }
    }

    [Fact]
    public void LostOrDoubledMessages_HaveTheWrongNumber()
    {
        TrafficMessage.Make(TrialMessage.Traffic, 7, sender: 0, out LinkMessage message);

        Assert.Equal(TrafficCheck.WrongNumber, TrafficMessage.Verify(in message, 6));
        Assert.Equal(TrafficCheck.WrongNumber, TrafficMessage.Verify(in message, 8));
        Assert.NotEqual(TrafficCheck.Good, TrafficMessage.Verify(default, 0));
    }
}
