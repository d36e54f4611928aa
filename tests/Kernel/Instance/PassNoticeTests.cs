using System.Runtime.InteropServices;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>What a giver says on its page, and how another kernel reads it (docs/remote-capabilities.md).</summary>
public sealed class PassNoticeTests
{
    /// <summary>Serial, home and place come back; the word is never 0.</summary>
    [Fact]
    public void Word_ComesApartAsItWasPutTogether() => Seeds.ForEach(200, random =>
    {
        uint serial = (uint)random.NextInt64(1, uint.MaxValue + 1L);
        uint home = (uint)random.Next(1024);
        uint place = (uint)random.Next((int)InstanceStatus.PassesMax);

        ulong word = PassNotice.WordOf(serial, home, place);

        Assert.NotEqual(0ul, word);
        Assert.Equal((serial, home, place), (PassNotice.SerialOf(word), PassNotice.HomeOf(word), PassNotice.PlaceOf(word)));
    });

    /// <summary>The place of a word from another kernel is one that there is.</summary>
    [Theory]
    [InlineData(0xFFFFul)]
    [InlineData(ulong.MaxValue)]
    public void Place_IsInBounds(ulong word) => Assert.True(PassNotice.PlaceOf(word) < InstanceStatus.PassesMax);

    /// <summary>It says what was published, of that channel, and nothing else; a later one replaces it.</summary>
    [Fact]
    public void Notice_SaysWhatWasPublished()
    {
        PassNotice notice = default;
        notice.Publish(word: 7, epoch: 9);
        Assert.Equal((true, false, false), (PassNotice.Says(in notice, 7, 9), PassNotice.Says(in notice, 7, 8), PassNotice.Says(in notice, 6, 9)));

        notice.Publish(word: 8, epoch: 10);

        Assert.Equal((true, false), (PassNotice.Says(in notice, 8, 10), PassNotice.Says(in notice, 7, 9)));
    }

    /// <summary>Whoever reads while a place becomes the next notice's is never told the word of one with the channel of the other.</summary>
    /// <remarks>Word and channel lie in two cache lines here, so that a reader sees more of what is between them.</remarks>
    [Fact]
    public unsafe void Notice_IsNeverHalfOfTwo()
    {
        const ulong last = 1_000_000;
        byte* lines = (byte*)NativeMemory.AlignedAlloc(128, 64);
        PassNotice* notice = (PassNotice*)(lines + 64 - sizeof(ulong));
        *notice = default;
        ulong published = 0;
        long mixed = 0;
        Thread reader = new(() =>
        {
            for (ulong seen = 0; seen != last; seen = Volatile.Read(ref published))
            {
                mixed += PassNotice.Says(in *notice, word: seen, epoch: seen + 1) ? 1 : 0;
            }
        });
        notice->Publish(word: ulong.MaxValue, epoch: ulong.MaxValue);
        reader.Start();
        for (ulong number = 1; number <= last; number++)
        {
            notice->Publish(number, number);
            Volatile.Write(ref published, number);
        }

        reader.Join();
        NativeMemory.AlignedFree(lines);
        Assert.Equal(0, mixed);
    }
}
