using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib;

/// <summary>A program's end of a channel, with the other end played word by word (docs/channels.md, "Memory"; <see cref="RingSlot"/>).</summary>
public sealed unsafe class RingChannelTests : IHostKernel, IDisposable
{
    private const uint Slot = 20;
    private const ulong Epoch = 9;
    private const uint Slots = 32;
    private const uint ForData = Slots - 4;
    private const int WakeOffset = 2048;

    private readonly byte* _pages = (byte*)NativeMemory.AlignedAlloc(2 * 4096, 4096);
    private readonly List<ulong> _wakeWhileWaiting = [];
    private ChannelState _state = ChannelState.Open;
    private uint _sent;
    private int _rings;

    // Of rings that were calls of their own, less those that a wait did.
    private int _entriesToRing;
    private ulong _signalled = 1;
    private Func<SystemResult> _wait = () => throw new InvalidOperationException("nobody was to wait");

    public RingChannelTests()
    {
        HostKernel.Current = this;
        NativeMemory.Clear(_pages, 2 * 4096);
        for (uint number = 0; number < Slots; number++)
        {
            SlotOf(page: 0, number).Sequence = number;
            SlotOf(page: 1, number).Sequence = number;
        }
    }

    /// <inheritdoc/>
    ulong IHostKernel.Now => 1000;

    private ref ulong OwnWake => ref *(ulong*)(_pages + WakeOffset);

    private ref ulong OtherWake => ref *(ulong*)(_pages + 4096 + WakeOffset);

    /// <inheritdoc/>
    void IHostKernel.Do(ref CallFrame frame)
    {
        if ((frame.Number & 0xFF) == (ulong)SystemCall.Receive)
        {
            _wakeWhileWaiting.Add(OwnWake);
            if ((frame.Number & SystemCallFlags.Rings) != 0)
            {
                Assert.Equal((Slot, 0ul), (frame.Word0, frame.Word1));
                _rings++;
                _entriesToRing--;
            }

            frame.Number = (ulong)_wait();
            frame.Address = _signalled;
            return;
        }

        Assert.Equal(Slot, frame.Address);
        switch ((ChannelOperation)new MessageHeader(frame.Header).Label)
        {
            case ChannelOperation.Describe:
                (frame.Word0, frame.Word1, frame.Word3) = ((ulong)_state, Epoch, 1);
                break;
            case ChannelOperation.Ring:
                _rings++;
                _entriesToRing++;
                break;
        }

        frame.Number = (ulong)SystemResult.Ok;
    }

    public void Dispose() => NativeMemory.AlignedFree(_pages);

    /// <summary>Who waits rings with its wait; who finds something instead rings all the same, at once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BellThatIsOwed_IsRungByTheWait_OrAtOnce(bool findsSomething)
    {
        RingChannel channel = Open();
        OtherWake = 1;
        RingMessage message = default;
        Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
        channel.EndTurn(rings: false);
        Assert.Equal((true, 0), (channel.OwesBell, _rings));
        if (findsSomething)
        {
            Put(1);
        }

        _wait = () =>
        {
            Put(2);
            return SystemResult.Ok;
        };
        Assert.Equal(ChannelResult.Done, channel.Wait());
        Assert.Equal((false, 1, findsSomething ? 1 : -1), (channel.OwesBell, _rings, _entriesToRing));
    }

    /// <summary>A bell that one turn has left is owed until it is rung, also when the next turn sends, and finds the other end asleep as before, or awake.</summary>
    [Theory]
    [InlineData(1ul)]
    [InlineData(0ul)]
    public void BellThatIsOwed_IsNotForgottenByTheNextTurn(ulong otherWake)
    {
        RingChannel channel = Open();
        OtherWake = 1;
        RingMessage message = default;
        Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
        channel.EndTurn(rings: false);
        OtherWake = otherWake;
        Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
        channel.EndTurn(rings: false);

        Assert.Equal((true, 0), (channel.OwesBell, _rings));
        channel.EndTurn();
        Assert.Equal((false, 1), (channel.OwesBell, _rings));
    }

    /// <summary>A wait rings two; a third is rung before.</summary>
    [Fact]
    public void Bells_AreTwo()
    {
        Bells bells = default;
        for (int owed = 1; owed <= 3; owed++)
        {
            RingChannel channel = Open();
            OtherWake = 1;
            bells.Add(ref channel);
            RingMessage message = default;
            Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
            channel.EndTurn(rings: false);
            bells.Add(ref channel);
            Assert.Equal((false, owed == 3 ? 1 : 0), (channel.OwesBell, _rings));
            SlotOf(page: 1, 0).Sequence = 0;
        }
    }

    /// <summary>A poll takes what is there, ends after its looks, and waits for nobody.</summary>
    [Fact]
    public void Poll_TakesWhatIsThere_AndEndsAfterItsLooks()
    {
        RingChannel channel = Open();
        Assert.Equal(ChannelResult.WouldBlock, channel.Poll(looks: 3, out _));
        Put(7);
        Assert.Equal(ChannelResult.Done, channel.Poll(looks: 1, out RingMessage message));
        Assert.Equal(7ul, message.Payload.Word0);

        // The kernel is asked now and then, so that a poll does not outlive the other end.
        _state = ChannelState.PeerDied;
        Assert.Equal(ChannelResult.PeerDied, channel.Poll(looks: 5000, out _));
        Assert.Empty(_wakeWhileWaiting);
    }

    /// <summary>What the dead had sent is received first; then its death is told.</summary>
    [Fact]
    public void MessagesOfTheDead_ComeBeforeItsDeath()
    {
        RingChannel channel = Open();
        Put(1);
        Put(2);
        _state = ChannelState.PeerDied;
        channel.Awake();
        Assert.Equal(ChannelResult.Done, channel.Wait());
        Assert.Equal((ChannelResult.Done, 1ul), Take(ref channel));
        Assert.Equal((ChannelResult.Done, 2ul), Take(ref channel));
        _wait = () => SystemResult.Ok;
        Assert.Equal(ChannelResult.PeerDied, channel.Wait());
        Assert.Equal(ChannelResult.PeerDied, Take(ref channel).Result);
        RingMessage message = default;
        Assert.Equal(ChannelResult.PeerDied, channel.TrySend(in message));
    }

    /// <summary>What no end writes into a ring is told, to who polls and to who waits; what came before it is received.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(uint.MaxValue)]
    [InlineData(Slots + 1)]
    public void GarbageInTheRing_IsTold(uint sequence)
    {
        RingChannel channel = Open();
        Put(5);
        Assert.Equal((ChannelResult.Done, 5ul), Take(ref channel));
        SlotOf(page: 0, 1).Sequence = sequence;
        Assert.Equal(ChannelResult.PeerCorrupt, channel.Poll(looks: 5000, out _));
        Assert.Equal(ChannelResult.PeerCorrupt, channel.Wait());
        RingMessage message = default;
        Assert.Equal(ChannelResult.PeerCorrupt, channel.TrySend(in message));
        Assert.Empty(_wakeWhileWaiting);
    }

    /// <summary>Who sleeps is told when it is rung.</summary>
    [Fact]
    public void GarbageInTheRing_IsToldToWhoSleeps()
    {
        RingChannel channel = Open();
        _wait = () =>
        {
            SlotOf(page: 0, 0).Sequence = 7;
            return SystemResult.Ok;
        };
        Assert.Equal(ChannelResult.PeerCorrupt, channel.Wait());
    }

    /// <summary>A death is a death, whatever is left in the ring: it can be asked anew.</summary>
    [Fact]
    public void GarbageOfTheDead_IsItsDeath()
    {
        RingChannel channel = Open();
        SlotOf(page: 0, 0).Sequence = 7;
        _state = ChannelState.PeerDied;
        channel.Awake();
        Assert.Equal(ChannelResult.PeerDied, channel.Wait());
    }

    /// <summary>An empty ring is none, in any lap of it.</summary>
    [Fact]
    public void EmptyRing_IsNoGarbage()
    {
        RingChannel channel = Open();
        for (ulong number = 0; number < 3 * Slots; number++)
        {
            channel.Awake();
            Assert.Equal(ChannelResult.WouldBlock, channel.TryReceive(out _));
            Put(number);
            channel.Awake();
            Assert.Equal((ChannelResult.Done, number), Take(ref channel));
        }
    }

    /// <summary>A message that came between the last empty look and the word of the death is not lost.</summary>
    [Fact]
    public void MessageBetweenLookAndDeath_IsReceived()
    {
        RingChannel channel = Open();
        _state = ChannelState.PeerDied;
        _wait = () => SystemResult.Ok;
        Assert.Equal(ChannelResult.PeerDied, channel.Wait());
        Put(7);
        Assert.Equal((ChannelResult.Done, 7ul), Take(ref channel));
        Assert.Equal(ChannelResult.PeerDied, Take(ref channel).Result);
    }

    /// <summary>One signal may tell of a message and of the death behind it. Nobody tells of the death a second time.</summary>
    [Fact]
    public void DeathBehindAMessage_IsTold()
    {
        RingChannel channel = Open();
        _wait = () =>
        {
            Put(1);
            _state = ChannelState.PeerDied;
            _signalled = 1 | ChannelNews.ChangedBit;
            return SystemResult.Ok;
        };
        Assert.Equal(ChannelResult.Done, channel.Wait());
        Assert.Equal((ChannelResult.Done, 1ul), Take(ref channel));
        _wait = () => throw new InvalidOperationException("it waits for the dead");
        Assert.Equal(ChannelResult.PeerDied, channel.Wait());
    }

    /// <summary>The same for who waits for several channels at once.</summary>
    [Fact]
    public void DeathBehindAMessage_KeepsFromResting()
    {
        RingChannel channel = Open();
        Assert.True(channel.TryRest());
        Put(1);
        _state = ChannelState.PeerDied;
        channel.Awake();
        Assert.Equal((ChannelResult.Done, 1ul), Take(ref channel));
        Assert.False(channel.TryRest());
        Assert.Equal(ChannelResult.PeerDied, Take(ref channel).Result);
        Assert.True(channel.TryRest());
    }

    /// <summary>A channel whose other end was gone before this program looked is opened for what was sent, and its end is told.</summary>
    [Fact]
    public void DeathBeforeOpening_IsTold()
    {
        _state = ChannelState.PeerDied;
        RingChannel channel = Open();
        Put(5);
        Assert.Equal((ChannelResult.Done, 5ul), Take(ref channel));
        Assert.Equal(ChannelResult.PeerDied, channel.Wait());
    }

    /// <summary>Who asks anew before a turn has ended touches no ring: there is none.</summary>
    [Fact]
    public void Reopened_EndsNoTurnOfBefore()
    {
        RingChannel channel = Open();
        RingMessage message = default;
        Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
        Assert.Equal(ChannelResult.Done, channel.Reopen());
        OtherWake = 1;
        channel.EndTurn();
        Assert.Equal(0, _rings);
    }

    /// <summary>Who sleeps is rung once for each sleep, and nobody else.</summary>
    [Fact]
    public void OnlyTheSleeping_AreRung_OnceForEachSleep()
    {
        RingChannel channel = Open();
        RingMessage message = default;
        int[] rings = [.. new ulong[] { 0, 1, 1, 2, 3 }.Select(wake =>
        {
            OtherWake = wake;
            Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
            channel.EndTurn();
            return _rings;
        })];
        Assert.Equal([0, 1, 1, 1, 2], rings);

        OtherWake = 5;
        channel.EndTurn();
        Assert.Equal(2, _rings);
    }

    /// <summary>The wake word is odd while this end waits, and even when it looks by itself again.</summary>
    [Fact]
    public void WakeWord_IsOddExactlyWhileWaiting()
    {
        RingChannel channel = Open();
        _wait = () =>
        {
            Put(3);
            return SystemResult.Ok;
        };
        Assert.Equal(ChannelResult.Done, channel.Wait());
        Assert.Equal(1ul, Assert.Single(_wakeWhileWaiting));
        Assert.Equal(2ul, OwnWake);
        Assert.Equal(3ul, Take(ref channel).Word);

        Assert.True(channel.TryRest());
        Assert.Equal(3ul, OwnWake);
        channel.Awake();
        Assert.Equal(4ul, OwnWake);
    }

    /// <summary>A wait whose deadline comes first says so, and one beside a message does not wait at all.</summary>
    [Fact]
    public void Wait_EndsAtItsDeadline_AndNotBesideAMessage()
    {
        RingChannel channel = Open();
        _wait = () => SystemResult.TimedOut;
        Assert.Equal(ChannelResult.WouldBlock, channel.Wait(deadline: 2000));
        Assert.Equal(2ul, OwnWake);
        Put(4);
        Assert.Equal(ChannelResult.Done, channel.Wait());
        Assert.Single(_wakeWhileWaiting);
        Assert.False(channel.TryRest());
    }

    /// <summary>A ring takes 28 messages; four slots are kept. Slots that come back can be used again.</summary>
    [Fact]
    public void FullRing_Blocks_UntilSlotsComeBack()
    {
        RingChannel channel = Open();
        RingMessage message = default;
        for (uint number = 0; number < ForData; number++)
        {
            message.Payload.Word0 = number;
            Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
        }

        Assert.Equal(ChannelResult.WouldBlock, channel.TrySend(in message));
        for (uint number = 0; number < ForData; number++)
        {
            ref RingSlot slot = ref SlotOf(page: 1, number);
            Assert.Equal((number + 1, (ulong)number), (slot.Sequence, slot.Payload.Word0));
            slot.Sequence = number + Slots;
        }

        Assert.Equal(ChannelResult.Done, channel.TrySend(in message));
    }

    /// <summary>After a death the channel begins anew, at the beginning of fresh rings.</summary>
    [Theory]
    [InlineData(ChannelState.Asking, ChannelResult.WouldBlock)]
    [InlineData(ChannelState.Unavailable, ChannelResult.Unavailable)]
    [InlineData(ChannelState.Open, ChannelResult.Done)]
    public void Reopened_IsOpen_WhenTheKernelSaysSo(ChannelState state, ChannelResult expected)
    {
        RingChannel channel = Open();
        Assert.Equal(ChannelResult.Done, channel.Reopen());
        Assert.False(channel.IsOpen);
        _state = state;
        Assert.Equal(expected, channel.TryOpen());
        Assert.Equal(expected == ChannelResult.Done, channel.IsOpen);
    }

    private RingChannel Open()
    {
        GrantRecord grant = new() { Kind = GrantKind.Channel, Slot = Slot, Argument = (ulong)_pages };
        RingChannel channel = RingChannel.Of(in grant);
        Assert.Equal(ChannelResult.Done, channel.TryOpen());
        Assert.Equal(Epoch, channel.Epoch);
        return channel;
    }

    private ref RingSlot SlotOf(int page, uint number) => ref ((RingSlot*)(_pages + (page * 4096)))[number % Slots];

    private void Put(ulong word)
    {
        ref RingSlot slot = ref SlotOf(page: 0, _sent);
        slot.Payload.Word0 = word;
        slot.Header = _sent + 1;
        _sent++;
    }

    private static (ChannelResult Result, ulong Word) Take(ref RingChannel channel)
    {
        ChannelResult result = channel.TryReceive(out RingMessage message);
        return (result, result == ChannelResult.Done ? message.Payload.Word0 : 0);
    }
}
