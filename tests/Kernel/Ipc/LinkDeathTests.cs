using Atoll.Arch;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>The peer dies: said exactly once, after everything that it had published.</summary>
public sealed unsafe class LinkDeathTests
{
    private const uint Data = 16;

    // Panicked (4), fenced (5), the next life, and words that nobody would write.
    private static readonly ulong[] s_deadWords = [0x504, 0x505, 0x603, 0, ulong.MaxValue];

    [Fact]
    public void LifeWordThatChanges_IsOneDeath()
    {
        foreach (ulong word in s_deadWords)
        {
            using var pair = new LinkFixture();
            pair.OpenBoth();
            Assert.Equal(LinkReceiveResult.Empty, pair.Left.TryReceive<CoherentMemory>(out _));
            Assert.False(pair.Left.HasNews<CoherentMemory>());

            *pair.RightLife = word;

            Assert.True(pair.Left.HasNews<CoherentMemory>());
            Assert.Equal(LinkReceiveResult.PeerDied, pair.Left.TryReceive<CoherentMemory>(out _));
            Assert.Equal(LinkState.Closed, pair.Left.State);
            Assert.Equal(LinkReceiveResult.Empty, pair.Left.TryReceive<CoherentMemory>(out _));
        }
    }

    [Fact]
    public void WhatWasPublished_IsDeliveredFirst() => Seeds.ForEach(60, random =>
    {
        using var pair = new LinkFixture();
        pair.OpenBoth();
        int messages = random.Next(61);
        for (int i = 0; i < messages; i++)
        {
            LinkMessage message = new() { Kind = Data, Operation = (ulong)i };
            Assert.Equal(LinkSendResult.Sent, pair.Right.TrySend<CoherentMemory>(ref message));
        }

        *pair.RightLife = s_deadWords[random.Next(s_deadWords.Length)];

        for (int i = 0; i < messages; i++)
        {
            Assert.Equal(LinkReceiveResult.Message, pair.Left.TryReceive<CoherentMemory>(out LinkMessage message));
            Assert.Equal((ulong)i, message.Operation);
        }

        Assert.Equal([LinkReceiveResult.PeerDied], LinkFixture.Drain(ref pair.Left));
    });

    /// <summary>
    /// The peer publishes and dies between any two looks of this end: the message comes first, then one death.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void DeathBetweenTwoLooks_LosesNothing(int after)
    {
        using var pair = new LinkFixture();
        pair.OpenBoth();
        int accesses = 0;
        List<LinkReceiveResult> results = [];
        AccessLog.Record(
            () =>
            {
                for (int i = 0; i < 4; i++)
                {
                    results.Add(pair.Left.TryReceive<RecordingMemory>(out _));
                }
            },
            afterEach: () =>
            {
                if (accesses++ == after)
                {
                    LinkMessage last = new() { Kind = Data };
                    pair.Right.TrySend<CoherentMemory>(ref last);
                    *pair.RightLife = 0x504;
                }
            });

        Assert.Equal(
            [LinkReceiveResult.Message, LinkReceiveResult.PeerDied],
            results.Where(result => result != LinkReceiveResult.Empty));
    }

    /// <summary>A peer that dies before it has said Hello is a death, too.</summary>
    [Fact]
    public void DeathWhileGreeting_IsOneDeath()
    {
        using var pair = new LinkFixture();
        pair.OpenLeft();
        *pair.RightLife = 0x505;

        Assert.Equal([LinkReceiveResult.PeerDied], LinkFixture.Drain(ref pair.Left));
    }

    /// <summary>
    /// A core that dies between storing a header and advancing: the slot is delivered once, nothing else is wrong.
    /// </summary>
    [Fact]
    public void HalfSend_IsDelivered_ThenTheDeath()
    {
        using var pair = new LinkFixture();
        pair.OpenBoth();
        Link before = pair.Right;
        LinkMessage message = new() { Kind = Data };
        pair.Right.TrySend<CoherentMemory>(ref message);
        pair.Right = before;
        *pair.RightLife = 0x504;

        Assert.Equal([LinkReceiveResult.Message, LinkReceiveResult.PeerDied], LinkFixture.Drain(ref pair.Left));
    }
}
