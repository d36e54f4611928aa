using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Derivation 100 000 deep and 100 000 wide: what a call of a revoke does, and the stack that it takes, depend on neither.</summary>
public sealed class DeepDerivationTests : IDisposable
{
    private const int Many = 100_000;

    // docs/system-calls.md: slots that one call of a deletion empties at most.
    private const int SlotsOfACall = 64;
    private const int CallsOfMany = (Many + SlotsOfACall - 1) / SlotsOfACall;

    private const byte NodeRadix = 16;
    private const int FirstNode = 10;
    private const int Origin = 20;

    // What a thread of .NET needs, and not what 100 000 calls within one another would.
    private const int StackBytes = 512 << 10;

    private readonly CapabilityWorld _world = new(untypedBits: 24);

    /// <summary>Each is a copy of the one before.</summary>
    [Fact]
    public void Revoke_OfAChain_TakesAsManyCallsAsItIsLong() => OnASmallStack(() =>
    {
        Grow(index => index - 1);
        Assert.Equal(CallsOfMany, _world.Revoke(_world.RootSlot(Origin)));
        AssertNothingIsLeft();
    });

    /// <summary>All are copies of one.</summary>
    [Fact]
    public void Revoke_OfAFanOut_TakesAsManyCallsAsItIsWide() => OnASmallStack(() =>
    {
        Grow(_ => -1);
        Assert.Equal(CallsOfMany, _world.Revoke(_world.RootSlot(Origin)));
        AssertNothingIsLeft();
    });

    /// <summary>Each is a copy of one before that a seed decides.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Revoke_OfATree_TakesAsManyCallsAsItHasSlots(int seed) => OnASmallStack(() =>
    {
        Random random = new(seed);
        Grow(index => random.Next(-1, index));
        Assert.Equal(CallsOfMany, _world.Revoke(_world.RootSlot(Origin)));
        AssertNothingIsLeft();
    });

    /// <summary>No call empties more than it may, and each but the last says that there is more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EachCall_EmptiesNoMoreThanItMay(bool isChain) => OnASmallStack(() =>
    {
        Grow(isChain ? index => index - 1 : _ => -1);
        for (int left = Many; left > 0;)
        {
            SystemResult expected = left > SlotsOfACall ? SystemResult.Again : SystemResult.Ok;
            Assert.Equal(expected, Deletion.Revoke<TestHost, TestState>(ref _world.State, CapabilityWorld.At(_world.RootSlot(Origin))).Result);
            left = Math.Max(0, left - SlotsOfACall);

            // Which of them are left is the kernel's business: how many, is not.
            if (left % (SlotsOfACall * 250) < SlotsOfACall)
            {
                Assert.Equal(left, Enumerable.Range(0, Many).Count(index => !CapabilityWorld.Slot(Place(index)).IsEmpty));
            }
        }

        AssertNothingIsLeft();
    });

    /// <summary>A program that copies on while its capability is taken back does not keep the revoke from its end: what it copies is below what is taken back.</summary>
    [Fact]
    public void Revoke_EndsWhileTheChainGrows() => OnASmallStack(() =>
    {
        Grow(index => index - 1);
        int calls = 0;
        int last = Many - 1;
        while (!Deletion.Revoke<TestHost, TestState>(ref _world.State, CapabilityWorld.At(_world.RootSlot(Origin))).IsOk)
        {
            calls++;
            bool isLeft = !CapabilityWorld.Slot(Place(last)).IsEmpty;
            if (isLeft)
            {
                Assert.True(Copying.Derive(CapabilityWorld.At(Place(last)), CapabilityWorld.At(Place(last + 1)), CapabilityRights.All).IsOk);
                last++;
            }
        }

        // One in 64 is made anew, and of these again one in 64.
        Assert.InRange(calls, CallsOfMany, CallsOfMany + (CallsOfMany / (SlotsOfACall - 1)) + 1);
        AssertNothingIsLeft();
    });

    /// <summary>One in the middle is taken back: what is below goes, what is above stays.</summary>
    [Fact]
    public void Revoke_InTheMiddle_LeavesWhatIsAbove() => OnASmallStack(() =>
    {
        const int Middle = Many / 2;
        Grow(index => index - 1);
        _world.Revoke(Place(Middle));
        Assert.All(Enumerable.Range(0, Many), index => Assert.Equal(index > Middle, CapabilityWorld.Slot(Place(index)).IsEmpty));
        Assert.False(CapabilityWorld.Slot(Place(Middle)).HasChildren);

        _world.Revoke(_world.RootSlot(Origin));
        AssertNothingIsLeft();
    });

    /// <summary>Each CNode has the last capability to the next in its first slot.</summary>
    [Fact]
    public void AChainOfCNodes_GoesWithTheFirst() => OnASmallStack(() =>
    {
        Make(CapabilityType.CNode, 1, FirstNode);
        ulong node = _world.RootSlot(FirstNode);
        for (int depth = 0; depth < Many; depth++)
        {
            Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(CapabilityType.CNode, 1), node, 0).IsOk);
            node = CapabilityWorld.Slot(node).Object;
        }

        _world.Delete(_world.RootSlot(FirstNode));
        Assert.False(CapabilityWorld.Slot(_world.UntypedSlot).HasChildren);
        Assert.True(_world.State.Capabilities.Dying.IsEmpty);
    });

    public void Dispose() => _world.Dispose();

    // Two CNodes of 65 536 slots, and an endpoint of which all is derived.
    private void Grow(Func<int, int> parentOf)
    {
        Make(CapabilityType.CNode, NodeRadix, FirstNode, count: 2);
        Make(CapabilityType.Endpoint, 0, Origin);
        for (int index = 0; index < Many; index++)
        {
            int parent = parentOf(index);
            ulong from = parent < 0 ? _world.RootSlot(Origin) : Place(parent);
            Assert.True(Copying.Derive(CapabilityWorld.At(from), CapabilityWorld.At(Place(index)), CapabilityRights.All).IsOk);
        }
    }

    private ulong Place(int index) =>
        CapabilityWorld.Slot(_world.RootSlot(FirstNode + (index >> NodeRadix))).Object + (((ulong)index & ((1UL << NodeRadix) - 1)) * 64);

    private void Make(CapabilityType type, byte bits, ulong index, uint count = 1) =>
        Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, bits, count), _world.NodeSlot, index).IsOk);

    private void AssertNothingIsLeft()
    {
        Assert.False(CapabilityWorld.Slot(_world.RootSlot(Origin)).HasChildren);
        Assert.Empty(_world.State.Log.Ended);
        Assert.DoesNotContain(Enumerable.Range(0, Many), index => !CapabilityWorld.Slot(Place(index)).IsEmpty);
    }

    private void OnASmallStack(Action test)
    {
        Exception? failure = null;
        System.Threading.Thread thread = new(() =>
        {
            using IDisposable core = _world.Machine.Use();
            failure = Record.Exception(test);
        }, StackBytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
