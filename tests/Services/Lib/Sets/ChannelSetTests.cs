using System.Globalization;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib.Sets;

/// <summary>A program that waits for any of many channels (docs/channels.md, "Many channels").</summary>
public sealed class ChannelSetTests
{
    private const int Seeds = 60;
    private const int Ends = 120;

    /// <summary>Whatever comes between whichever steps: every message is received once and in order, every death is told once and behind the messages, and the program never sleeps beside work.</summary>
    [Fact]
    public void AnyOrder_LosesNothing()
    {
        foreach (int seed in ChosenSeeds(Seeds))
        {
            ChannelSetRun.Run(seed, Ends);
        }
    }

    /// <summary>The same, for so many seeds as the command says.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void AnyOrder_LosesNothing_ManySeeds()
    {
        foreach (int seed in ChosenSeeds(3000))
        {
            ChannelSetRun.Run(seed, Ends);
        }
    }

    /// <summary>From the wait to the message of the one ready end it takes the same number of system calls, however many ends there are.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(4096)]
    public void OneReadyOfMany_CostsTheSame(int ends)
    {
        using PlayedKernel kernel = new(ends);
        ChannelSet set = Opened(kernel);
        int before = kernel.Calls;
        Assert.False(set.Wait(deadline: 2000));
        kernel.Idle = () => Send(kernel, ends - 1);
        Assert.True(set.Wait());
        Assert.Equal(ChannelSetEvent.Message, set.Next(out uint end));
        Assert.Equal((uint)ends - 1, end);
        Assert.Equal(1u, set.HotCount);

        // Ready? No; wait. Ready? No. And again: no, wait, yes.
        Assert.Equal(6, kernel.Calls - before);
    }

    /// <summary>While one end always has a message, another that slept is told after few others.</summary>
    [Fact]
    public void HotEnd_StarvesNobody()
    {
        using PlayedKernel kernel = new(100);
        ChannelSet set = Opened(kernel);
        Assert.True(set.TryRest());
        int told = 0;
        kernel.Between = () => { };
        Send(kernel, 3);
        set.Awake();
        Send(kernel, 70);
        while (true)
        {
            // It fills its ring again before the program looks.
            while (kernel.Ends[3].TrySend())
            {
            }

            Assert.Equal(ChannelSetEvent.Message, set.Next(out uint end));
            if (end == 70)
            {
                break;
            }

            Assert.Equal(ChannelResult.Done, set[end].TryReceive(out _));
            Assert.True(++told <= ChannelSet.LooksBetweenQuestions + 1, "end 70 starves");
        }
    }

    /// <summary>Two that always have messages take turns.</summary>
    [Fact]
    public void HotEnds_TakeTurns()
    {
        using PlayedKernel kernel = new(20);
        ChannelSet set = Opened(kernel);
        Assert.True(set.TryRest());
        Send(kernel, 3);
        Send(kernel, 9);
        List<uint> turns = [];
        while (turns.Count < 8)
        {
            _ = kernel.Ends[3].TrySend();
            _ = kernel.Ends[9].TrySend();
            Assert.Equal(ChannelSetEvent.Message, set.Next(out uint end));
            Assert.Equal(ChannelResult.Done, set[end].TryReceive(out _));
            turns.Add(end);
        }

        Assert.Equal([3u, 9u, 3u, 9u, 3u, 9u, 3u, 9u], turns);
    }

    /// <summary>An end that is found empty often enough sleeps, and is rung for the next message; before, it is looked at without a ring.</summary>
    [Fact]
    public void EmptyEnd_SleepsAgain()
    {
        using PlayedKernel kernel = new(10);
        ChannelSet set = Opened(kernel);
        Assert.True(set.TryRest());
        Send(kernel, 4);
        Assert.Equal(ChannelSetEvent.Message, set.Next(out _));
        Assert.Equal(ChannelResult.Done, set[4].TryReceive(out _));
        Assert.False(Send(kernel, 4), "a hot end was rung");
        Assert.Equal(ChannelSetEvent.Message, set.Next(out _));
        Assert.Equal(ChannelResult.Done, set[4].TryReceive(out _));
        for (int look = 0; look < ChannelSet.LooksBeforeSleep; look++)
        {
            Assert.Equal(1u, set.HotCount);
            Assert.Equal(ChannelSetEvent.None, set.Next(out _));
        }

        Assert.Equal(0u, set.HotCount);
        Assert.True(Send(kernel, 4), "a sleeping end was not rung");
    }

    /// <summary>Numbers of ends that the set does not have, as somebody may list who may signal its notification, name nothing.</summary>
    [Fact]
    public void UnknownNumbers_NameNothing()
    {
        using PlayedKernel kernel = new(10);
        ChannelSet set = Opened(kernel);
        Assert.True(set.TryRest());
        GrantRecord narrow = new() { Kind = GrantKind.Channel, Slot = PlayedKernel.FirstSlot, Argument = 0, Count = 4 };
        ChannelSet few = ChannelSet.Of(in narrow, 4, HostRegion.Make((int)ChannelSet.BytesFor(4)));
        Send(kernel, 7);
        few.Awake();
        Assert.Equal(0u, few.HotCount);
    }

    private static ChannelSet Opened(PlayedKernel kernel)
    {
        ChannelSet set = kernel.Set();
        for (int end = 0; end < kernel.Ends.Count; end++)
        {
            kernel.Open(end);
        }

        for (int end = 0; end < kernel.Ends.Count; end++)
        {
            Assert.Equal(ChannelSetEvent.Opened, set.Next(out _));
        }

        // The signals that all are open.
        Assert.True(set.TryRest());
        Assert.False(set.Wait(deadline: 2000));
        return set;
    }

    // Whether the kernel was rung.
    private static bool Send(PlayedKernel kernel, int end)
    {
        Assert.True(kernel.Ends[end].TrySend());
        kernel.Ends[end].EndTurn();
        return kernel.TryArrive(end);
    }

    private static IEnumerable<int> ChosenSeeds(int usual)
    {
        int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
        return Number("ATOLL_SEED") is { } one ? [one] : Enumerable.Range(1, Number("ATOLL_SEEDS") ?? usual);
    }
}
