using System.Reflection;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What is given on from core to core: the messages that it takes, which are part of the contract (docs/remote-capabilities.md), and who has what afterwards.</summary>
public sealed unsafe class PassingTests : RemoteMachineTests
{
    /// <summary>The giver asks the home, which offers it to the receiver; and answers the giver, which nobody waits for.</summary>
    [Fact]
    public void Giving_On_TakesTwoMessagesToTheReceiver()
    {
        Give(Home, Frame, Middle, Taken);
        Dictionary<(uint, uint), uint> before = Sent();
        Pass(Taken);
        AssertSent(before, (Middle, Home, 1), (Home, Last, 1), (Home, Middle, 1));

        Take(Middle, Last, Taken);
        AssertSent(before, (Middle, Home, 1), (Home, Last, 1), (Home, Middle, 1), (Last, Middle, 1));
        Assert.Equal(_programs[Home].FrameOf(Frame), Slot(Last, Taken).Object);
    }

    /// <summary>Two messages for each kernel that holds it, whoever gave it there and however many it holds; and one to who gave it on, which no revoke waits for.</summary>
    [Fact]
    public void Revoke_AtHome_TakesTwoMessagesForEachHoldingKernel()
    {
        Give(Home, Frame, Middle, Taken);
        Pass(Taken);
        Take(Middle, Last, Taken);
        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Home, Frame);

        AssertSent(before, (Home, Middle, 2), (Home, Last, 1), (Middle, Home, 1), (Last, Home, 1));
        AssertNobodyHas();
    }

    /// <summary>Holders stand in the tree in turn, as they were given to: each hears of all in one message, and answers in one.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(14)]
    public void Revoke_OfHoldersThatAlternate_TakesTwoMessagesForEach(uint copies)
    {
        for (uint copy = 0; copy < copies; copy++)
        {
            Give(Home, Frame, Middle, Taken + copy);
            Give(Home, Frame, Last, Taken + copy);
        }

        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Home, Frame);

        AssertSent(before, (Home, Middle, 1), (Home, Last, 1), (Middle, Home, 1), (Last, Home, 1));
        AssertNobodyHas();
    }

    /// <summary>A holder gives up what two homes gave it, in turn: each hears of all of its own in one message.</summary>
    [Fact]
    public void Deletion_OfWhatTwoHomesGave_TakesAMessageToEach()
    {
        for (uint copy = 0; copy < 6; copy += 2)
        {
            Give(Home, Frame, Middle, Taken + copy);
            Give(Last, Frame, Middle, Taken + copy + 1);
        }

        Dictionary<(uint, uint), uint> before = Sent();
        On(Middle, programs =>
        {
            for (uint copy = 0; copy < 6; copy++)
            {
                programs.DeleteQuietly(Taken + copy);
            }

            programs.AfterCall();
        });
        Settle();
        AssertSent(before, (Middle, Home, 1), (Middle, Last, 1));
        AssertNobodyHas();
    }

    /// <summary>A holder takes back what it gave on: by its home, which asks all that have it by that. Its own stays.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Revoke_AtAHolder_TakesTwoMessagesForEachHoldingKernel_AndTwoToTheHome(uint copies)
    {
        Give(Home, Frame, Middle, Taken);
        for (uint copy = 0; copy < copies; copy++)
        {
            Pass(Taken);
            Take(Middle, Last, Taken + copy);
        }

        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Middle, Taken);

        AssertSent(before, (Middle, Home, 1), (Home, Last, 1), (Last, Home, 1), (Home, Middle, 1));
        Assert.Equal(CapabilityType.Frame, Slot(Middle, Taken).Type);
        Assert.Equal((1u, 0u), (_programs[Home].Remote.Exports.Count, _programs[Middle].Remote.Exports.Count));
        Assert.Equal(0u, _programs[Last].Remote.Imports.Count);
    }

    /// <summary>What is always used by asking its home is refused there at once: a revoke at home waits for nobody, and one of a holder for the home only.</summary>
    [Fact]
    public void Revoke_OfANotification_WaitsForNoHolder()
    {
        Give(Home, Bell, Middle, Taken);
        Pass(Taken);
        Take(Middle, Last, Taken);
        _programs[Last].Member.HangUntil(ulong.MaxValue);

        TakeBack(Middle, Taken);
        Pass(Taken);
        TakeBack(Home, Bell, isAtOnce: true);
        Assert.DoesNotContain(CrossingState.Held, States(_programs[Home].Remote.Exports));
    }

    /// <summary>Whoever holds it last lets go: so do the records on the way, and the place on the channel is free.</summary>
    [Fact]
    public void Deletion_AtTheEndOfAChain_FreesItsRecords()
    {
        Give(Home, Frame, Middle, Taken);
        Pass(Taken);
        Take(Middle, Last, Taken);
        On(Last, programs => programs.Delete(Taken));
        Settle();
        Assert.Equal((1u, 0u), (_programs[Home].Remote.Exports.Count, _programs[Middle].Remote.Exports.Count));

        On(Middle, programs => programs.Delete(Taken));
        Settle();
        AssertNobodyHas();
    }

    /// <summary>To its own home nothing can be given back, and what is given on is alone on its channel.</summary>
    [Fact]
    public void What_CannotBeGivenOn()
    {
        Give(Home, Frame, Middle, Taken);
        Assert.Equal(SystemResult.NotCopyable, TryGive(Middle, Home, Taken));
        Assert.Equal(SystemResult.Ok, TryGive(Middle, Last, Frame));
        Assert.Equal(SystemResult.WouldBlock, TryGive(Middle, Last, Taken));
        Settle();
        Take(Middle, Last, Taken);
        Assert.Equal(SystemResult.Ok, TryGive(Middle, Last, Taken));
        Assert.Equal(SystemResult.WouldBlock, TryGive(Middle, Last, Frame));
        Settle();
        Take(Middle, Last, Taken + 1);
        Assert.Equal(_programs[Home].FrameOf(Frame), Slot(Last, Taken + 1).Object);
    }

    /// <summary>A home that has no more records for what others give on says so; the giver's place is free again, and its own programs go on giving.</summary>
    [Fact]
    public void Home_KeepsHalfOfItsRecordsForItsOwn()
    {
        uint half = _programs[Home].Remote.Exports.Capacity / 2;
        Give(Home, Frame, Middle, Taken);
        for (uint given = 1; given <= half + 1; given++)
        {
            Pass(Taken);
            Assert.Equal(given > half ? 0u : 1, (uint)On(Last, programs => programs.Channels.Table[EndOf(Last, Middle)].Arrived));
            if (given <= half)
            {
                Take(Middle, Last, Taken);
                On(Last, programs => programs.Move(Taken, Taken + 1));
            }
        }

        Assert.Equal(0, _programs[Middle].Channels.Table[EndOf(Middle, Last)].Given);
        Assert.Equal(1ul, _programs[Home].Remote.Refused);
        Assert.Equal(SystemResult.Ok, TryGive(Home, Middle, Frame));
    }
}
