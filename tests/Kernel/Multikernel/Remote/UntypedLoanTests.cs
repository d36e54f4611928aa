using Atoll.Abi;
using Atoll.Cap;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Untyped memory that a program of another core makes frames of: the messages that it takes, which are part of the contract (docs/remote-capabilities.md), and who has what afterwards.</summary>
public sealed class UntypedLoanTests : RemoteMachineTests
{
    private const uint Store = RemotePrograms.OwnUntyped;
    private const uint Made = Taken + 1;

    /// <summary>It takes a message to give it, and none to make frames of it. They lie one behind the other, and are the home's memory.</summary>
    [Fact]
    public void Frames_AreMadeWithoutAsking()
    {
        Dictionary<(uint, uint), uint> before = Sent();
        Lend();
        AssertSent(before, (Home, Middle, 1), (Middle, Home, 1));
        before = Sent();
        MakeFrames(4);
        Settle();
        AssertSent(before);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(frame => _programs[Home].Untyped + ((ulong)frame << 12))], Enumerable.Range(0, 4).Select(frame => Slot(Middle, Made + (uint)frame).Object));
        Assert.Equal(SystemResult.NotEnoughMemory, Make(CapabilityType.Frame, ObjectSize.FrameBits, Made + 4));
    }

    /// <summary>Two messages, however much was made of it; and nothing of it is left.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Revoke_TakesTwoMessages_AndAllThatWasMadeOfIt(uint frames)
    {
        Lend();
        MakeFrames(frames);
        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Home, Store);
        AssertSent(before, (Home, Middle, 1), (Middle, Home, 1));
        Assert.False(_programs[Middle].HasForeign(_programs[Home].Untyped, 1UL << RemotePrograms.UntypedBits));
        AssertNobodyHas();
    }

    /// <summary>The holder deletes all that it has, in whatever order: the last brings it back, and a revoke has nobody to ask.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsGivenUp_ComesBackWithTheLast(bool isUntypedFirst)
    {
        Lend();
        MakeFrames(2);
        uint[] order = isUntypedFirst ? [Taken, Made, Made + 1] : [Made, Made + 1, Taken];
        Dictionary<(uint, uint), uint> before = Sent();
        foreach (uint slot in order[..2])
        {
            On(Middle, programs => programs.Delete(slot));
            Settle();
            AssertSent(before);
        }

        On(Middle, programs => programs.Delete(order[2]));
        Settle();
        AssertSent(before, (Middle, Home, 1));
        TakeBack(Home, Store, isAtOnce: true);
        AssertNobodyHas();
    }

    /// <summary>What was made of a part of it goes with it, too.</summary>
    [Fact]
    public void Revoke_TakesWhatWasMadeOfItsParts()
    {
        Lend();
        Assert.Equal(SystemResult.Ok, Make(CapabilityType.Untyped, 13, Made));
        Assert.Equal(SystemResult.Ok, On(Middle, programs => programs.Make(Made, CapabilityType.Frame, ObjectSize.FrameBits, Made + 1)));
        On(Middle, programs => programs.Delete(Made));
        TakeBack(Home, Store);
        Assert.True(Slot(Middle, Made + 1).IsEmpty);
        AssertNobodyHas();
    }

    /// <summary>The lender has nothing of it: no free memory, no reset, and it can give it to nobody else.</summary>
    [Fact]
    public void Lender_HasNothingOfIt()
    {
        Lend();
        Assert.Equal(SystemResult.NotEnoughMemory, On(Home, programs => programs.Make(Store, CapabilityType.Frame, ObjectSize.FrameBits, Made)));
        Assert.Equal(SystemResult.HasChildren, UntypedReset.Reset(ref Slot(Home, Store)).Result);
        Assert.Equal(SystemResult.HasChildren, TryGive(Home, Last, Store));
        TakeBack(Home, Store);
        Assert.Equal((true, 0ul), (UntypedReset.Reset(ref Slot(Home, Store)).IsOk, Slot(Home, Store).ZeroedEnd));
    }

    /// <summary>Kernel objects are made of an instance's own memory only; and each part of a loan is handed out once, because nobody here could zero it.</summary>
    [Theory]
    [InlineData(CapabilityType.CNode, 4)]
    [InlineData(CapabilityType.Thread, 0)]
    [InlineData(CapabilityType.PageTable, 0)]
    [InlineData(CapabilityType.VSpace, 0)]
    [InlineData(CapabilityType.Endpoint, 0)]
    [InlineData(CapabilityType.Notification, 0)]
    [InlineData(CapabilityType.Reply, 0)]
    [InlineData(CapabilityType.SchedulingContext, 0)]
    public void Holder_MakesFramesOnly_AndEachPartOnce(CapabilityType type, byte bits)
    {
        Lend();
        Assert.Equal(SystemResult.ArgumentInvalid, Make(type, bits, Made));
        MakeFrames(4);
        Assert.Equal(SystemResult.HasChildren, UntypedReset.Reset(ref Slot(Middle, Taken)).Result);
        for (uint frame = 0; frame < 4; frame++)
        {
            On(Middle, programs => programs.Delete(Made + frame));
        }

        Assert.Equal(SystemResult.WrongState, UntypedReset.Reset(ref Slot(Middle, Taken)).Result);
        Assert.Equal(SystemResult.NotEnoughMemory, Make(CapabilityType.Frame, ObjectSize.FrameBits, Made));
    }

    /// <summary>One kernel holds it: neither it nor what was made of it goes on to a third.</summary>
    [Fact]
    public void NothingOfIt_GoesOn()
    {
        // Then its record is not the first.
        Give(Home, Frame, Middle, Made + 1);
        Lend();
        MakeFrames(1);
        Assert.Equal(SystemResult.NotCopyable, TryGive(Middle, Last, Taken));
        Assert.Equal(SystemResult.NotCopyable, TryGive(Middle, Last, Made));

        // A holder whose kernel asks all the same is refused by the home.
        On(Home, programs =>
        {
            RemotePass pass = new() { HomeNumber = 1, GiverNumber = 7, Receiver = Last, Rights = CapabilityRights.All };
            Assert.False(programs.Remote.TryRecord(Middle, in pass, Cores));
        });
    }

    /// <summary>Less than a page is no memory that could change hands, nor is what something is made of.</summary>
    [Fact]
    public void SmallOrUsedMemory_IsNotGiven()
    {
        Assert.Equal(SystemResult.Ok, On(Home, programs => programs.Make(Store, CapabilityType.Untyped, 11, Made)));
        Assert.Equal(SystemResult.NotCopyable, TryGive(Home, Middle, Made));
        Assert.Equal(SystemResult.HasChildren, TryGive(Home, Middle, Store));
    }

    /// <summary>Whatever rights are given: what is made of untyped memory has all.</summary>
    [Fact]
    public void Rights_AreAlwaysAll()
    {
        Assert.Equal(SystemResult.Ok, On(Home, programs => programs.Give(EndOf(Home, Middle), Store, CapabilityRights.Read)));
        Settle();
        Take(Home, Middle, Taken);
        Assert.Equal(CapabilityRights.All, Slot(Middle, Taken).Rights);
    }

    private void Lend() => Give(Home, Store, Middle, Taken);

    private SystemResult Make(CapabilityType type, byte bits, uint into) => On(Middle, programs => programs.Make(Taken, type, bits, into));

    private void MakeFrames(uint count)
    {
        for (uint frame = 0; frame < count; frame++)
        {
            Assert.Equal(SystemResult.Ok, Make(CapabilityType.Frame, ObjectSize.FrameBits, Made + frame));
        }
    }
}
