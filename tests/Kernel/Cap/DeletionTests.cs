using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Cap.Model;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Deletion and revocation of what is big, deep or in itself: bounded steps, and nothing is left.</summary>
public sealed class DeletionTests : IDisposable
{
    private readonly CapabilityWorld _world = new();

    /// <summary>600 copies in a CNode: 64 a call, so ten calls.</summary>
    [Fact]
    public void Revoke_StopsAfter64_AndGoesOn()
    {
        Make(CapabilityType.CNode, 10, 10);
        Make(CapabilityType.Endpoint, 0, 11);
        Copies(_world.RootSlot(11), 600);

        Assert.Equal(10, _world.Revoke(_world.RootSlot(11)));
        Assert.False(CapabilityWorld.Slot(_world.RootSlot(11)).HasChildren);
        Assert.Empty(_world.State.Log.Ended);
        Assert.All(Enumerable.Range(0, 1024), index => Assert.True(CapabilityWorld.Slot(Inner(10, index)).IsEmpty));
    }

    /// <summary>Each copy is a copy of the one before: the depth does not matter.</summary>
    [Fact]
    public void Revoke_TakesAChainApart()
    {
        Make(CapabilityType.CNode, 10, 10);
        Make(CapabilityType.Endpoint, 0, 11);
        ulong from = _world.RootSlot(11);
        for (int index = 0; index < 640; index++)
        {
            Assert.True(Copying.Derive(CapabilityWorld.At(from), CapabilityWorld.At(Inner(10, index)), CapabilityRights.All).IsOk);
            from = Inner(10, index);
        }

        Assert.Equal(10, _world.Revoke(_world.RootSlot(11)));
    }

    /// <summary>The last capability to a full CNode: what is in it goes, and what is in that.</summary>
    [Fact]
    public void LastCapability_TakesTheContents()
    {
        Make(CapabilityType.CNode, 8, 10);
        for (int index = 0; index < 256; index++)
        {
            Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(CapabilityType.CNode, 1), _world.RootSlot(10),
                (ulong)index).IsOk);
            ulong inner = CapabilityWorld.Slot(Inner(10, index)).Object;
            Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(CapabilityType.Reply, 0, 2), Inner(10, index), 0).IsOk);
            Assert.Equal(CapabilityType.Reply, CapabilityWorld.Slot(inner + 64).Type);
        }

        int calls = _world.Delete(_world.RootSlot(10));
        Assert.True(calls > 10, $"{calls} calls");
        Assert.Equal(512, _world.State.Log.Ended.Count(ended => ended.Type == CapabilityType.Reply));
        Assert.False(CapabilityWorld.Slot(_world.UntypedSlot).HasChildren);
    }

    /// <summary>CNodes whose last capabilities are in one another's first slots, and one that is in itself.</summary>
    [Fact]
    public void Cycles_EndWhenTheirMemoryIsRevoked()
    {
        Make(CapabilityType.CNode, 1, 10, count: 4);
        ulong[] homes = [.. Enumerable.Range(10, 4).Select(index => CapabilityWorld.Slot(_world.RootSlot(index)).Object)];
        for (int index = 0; index < 4; index++)
        {
            ulong target = index == 3 ? homes[3] : homes[(index + 1) % 3];
            Assert.True(Moving.Move(CapabilityWorld.At(_world.RootSlot(10 + index)), CapabilityWorld.At(target)).IsOk);
        }

        _world.Revoke(_world.UntypedSlot);
        Assert.False(CapabilityWorld.Slot(_world.UntypedSlot).HasChildren);
        Assert.All(homes, home => Assert.True(CapabilityWorld.Slot(home).IsEmpty));
    }

    /// <summary>200 CNodes, each with the last capability to the next in its first slot: a chain that no stack holds.</summary>
    [Fact]
    public void ChainOfCNodes_GoesWithTheFirst()
    {
        Make(CapabilityType.CNode, 1, 10);
        ulong node = _world.RootSlot(10);
        for (int depth = 0; depth < 2000; depth++)
        {
            Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(CapabilityType.CNode, 1), node, 0).IsOk);
            node = CapabilityWorld.Slot(node).Object;
        }

        _world.Delete(_world.RootSlot(10));
        Assert.False(CapabilityWorld.Slot(_world.UntypedSlot).HasChildren);
        Assert.True(_world.State.Capabilities.Dying.IsEmpty);
    }

    /// <summary>A program that stops half-way leaves what others finish: any deletion does.</summary>
    [Fact]
    public void AbandonedDeletion_IsFinishedByTheNext()
    {
        Make(CapabilityType.CNode, 10, 10);
        Make(CapabilityType.Endpoint, 0, 11);
        Copies(_world.RootSlot(11), 600);
        Assert.Equal(SystemResult.Again, Deletion.Delete<TestHost, TestState>(ref _world.State,
            CapabilityWorld.At(_world.RootSlot(10))).Result);
        Assert.False(_world.State.Capabilities.Dying.IsEmpty);

        _world.Delete(_world.RootSlot(40));
        Assert.True(_world.State.Capabilities.Dying.IsEmpty);
        Assert.False(CapabilityWorld.Slot(_world.RootSlot(11)).HasChildren);
    }

    /// <summary>What is being taken apart can be deleted again, and nothing else.</summary>
    [Fact]
    public void DyingCapability_IsNoCapability()
    {
        Make(CapabilityType.CNode, 7, 10);
        Make(CapabilityType.Endpoint, 0, 11);
        Copies(_world.RootSlot(11), 2);
        _world.State.Log.Waiters[CapabilityWorld.Slot(_world.RootSlot(11)).Object] = 1000;
        Assert.True(Moving.Move(CapabilityWorld.At(Inner(10, 0)), CapabilityWorld.At(_world.RootSlot(12))).IsOk);
        Assert.True(Moving.Move(CapabilityWorld.At(_world.RootSlot(11)), CapabilityWorld.At(Inner(10, 0))).IsOk);
        _world.Delete(_world.RootSlot(12));
        _world.Delete(Inner(10, 1));

        // The endpoint in the first slot has many waiting threads, so that the record cannot go there at once.
        Assert.Equal(SystemResult.Again, Deletion.Delete<TestHost, TestState>(ref _world.State,
            CapabilityWorld.At(_world.RootSlot(10))).Result);
        ObjectPointer<CapabilitySlot> dying = CapabilityWorld.At(_world.RootSlot(10));
        Assert.Equal(CapabilityType.Dying, dying.Value.Type);
        Assert.Equal(SystemResult.WrongType, Copying.Derive(dying, CapabilityWorld.At(_world.RootSlot(30)), CapabilityRights.All).Result);
        Assert.Equal(SystemResult.WrongType, Moving.Move(dying, CapabilityWorld.At(_world.RootSlot(30))).Result);
        Assert.Equal(SystemResult.WrongType, Moving.Swap(dying, CapabilityWorld.At(_world.UntypedSlot)).Result);
        Assert.True(CSpace.Walk(in dying.Value, 0, out _).IsNull);
        _world.Delete(_world.RootSlot(10));
        Assert.Contains(_world.State.Log.Ended, ended => ended.Type == CapabilityType.Endpoint);
    }

    /// <summary>A thread's own capabilities count: what it uses lives as long as it does, and goes with it.</summary>
    [Fact]
    public void Thread_KeepsWhatItUses()
    {
        Make(CapabilityType.Thread, 0, 10);
        Make(CapabilityType.VSpace, 0, 11);
        Make(CapabilityType.CNode, 3, 12);
        Make(CapabilityType.Frame, 12, 13);
        ObjectPointer<Thread> thread = CapabilityWorld.Slot(_world.RootSlot(10)).Thread;
        Assert.True(ThreadSlots.Set<TestHost, TestState>(
            ref _world.State, thread, CapabilityWorld.At(_world.RootSlot(12)), CapabilityWorld.At(_world.RootSlot(11)), default,
                CapabilityWorld.At(_world.RootSlot(13))).IsOk);
        _world.Delete(_world.RootSlot(11));
        _world.Delete(_world.RootSlot(12));
        Assert.Equal(8UL, thread.Value.PlainSlots);
        Assert.Equal(CapabilityWorld.SpaceCapacity - 1, _world.State.Capabilities.Spaces.Available);
        Assert.Equal(CapabilityWorld.Slot(_world.RootSlot(13)).Object, thread.Value.Buffer.Address);

        _world.Revoke(_world.RootSlot(13));
        Assert.True(thread.Value.Buffer.IsNull);
        _world.Delete(_world.RootSlot(10));
        Assert.Equal(CapabilityWorld.SpaceCapacity, _world.State.Capabilities.Spaces.Available);
        Assert.Equal([_world.RootSlot(13)], ChildrenOf(_world.UntypedSlot));
    }

    /// <summary>The only capability to the thread lies in the CNode that the thread alone keeps alive. Seed 5187 of the model test.</summary>
    [Fact]
    public void ThreadThatEndsWhileItIsConfigured_GetsNothing()
    {
        Make(CapabilityType.Thread, 0, 10);
        Make(CapabilityType.VSpace, 0, 11);
        Make(CapabilityType.CNode, 3, 12, count: 2);
        ObjectPointer<Thread> thread = CapabilityWorld.Slot(_world.RootSlot(10)).Thread;
        Assert.Equal(SystemResult.Ok, Configure(thread, root: 12));
        Assert.True(Moving.Move(CapabilityWorld.At(_world.RootSlot(10)), CapabilityWorld.At(Inner(12, 5))).IsOk);
        _world.Delete(_world.RootSlot(12));

        Assert.Equal(SystemResult.WrongState, Configure(thread, root: 13));
        Assert.Contains((CapabilityType.Thread, thread.Address), _world.State.Log.Ended);
        Assert.False(CapabilityWorld.Slot(_world.RootSlot(13)).HasChildren);
        Assert.True(thread.Value.CSpace.IsEmpty && thread.Value.VSpace.IsEmpty);
    }

    public void Dispose() => _world.Dispose();

    private SystemResult Configure(ObjectPointer<Thread> thread, int root) => ThreadSlots.Set<TestHost, TestState>(
        ref _world.State, thread, CapabilityWorld.At(_world.RootSlot(root)), CapabilityWorld.At(_world.RootSlot(11)), default, default)
        .Result;

    private static List<ulong> ChildrenOf(ulong parent)
    {
        List<ulong> children = [];
        for (ObjectPointer<CapabilitySlot> child = CapabilityWorld.Slot(parent)
            .FirstChild; !child.IsNull; child = child.Value.Next.IsParent ? default : child.Value.Next.Slot)
        {
            children.Add(child.Address);
        }

        return children;
    }

    private ulong Inner(int node, int index) => CapabilityWorld.Slot(_world.RootSlot(node)).Object + ((ulong)index * 64);

    private void Make(CapabilityType type, byte bits, ulong index, uint count = 1) =>
        Assert.True(_world.Retype(_world.UntypedSlot, RetypeRequest.Of(type, bits, count), _world.NodeSlot, index).IsOk);

    private void Copies(ulong source, int count)
    {
        for (int index = 0; index < count; index++)
        {
            Assert.True(Copying.Derive(CapabilityWorld.At(source), CapabilityWorld.At(Inner(10, index)), CapabilityRights.All).IsOk);
        }
    }
}
