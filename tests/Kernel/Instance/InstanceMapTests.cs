using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>An instance's own tables end where they end.</summary>
public sealed class InstanceMapTests : IDisposable
{
    private readonly SimulatedInstance _instance = new();

    /// <inheritdoc/>
    public void Dispose() => _instance.Dispose();

    [Fact]
    public void Link_BeyondTheTableIsACheck()
    {
        uint capacity = _instance.State.Map.LinkCapacity;

        Assert.False(_instance.State.Map.Link(capacity - 1).IsUsed);
        Assert.Throws<CheckFailedException>(() => _instance.State.Map.Link(capacity).IsUsed);
        Assert.Throws<CheckFailedException>(() => _instance.State.Map.Link(uint.MaxValue).IsUsed);
    }

    [Fact]
    public void PeerEntry_BeyondTheTablesIsACheck()
    {
        uint count = _instance.State.Map.PeerEntryCount;

        Assert.Equal(0ul, _instance.State.Map.PeerEntry(count - 1));
        Assert.Throws<CheckFailedException>(() => _instance.State.Map.PeerEntry(count));
    }

    [Fact]
    public unsafe void PageAt_BeyondTheTablesIsACheck()
    {
        uint count = _instance.State.Map.PeerEntryCount;

        Assert.Throws<CheckFailedException>(() => PeerMap.PageAt(in _instance.State.Map, count));
    }

    [Fact]
    public void Coordinator_OfAMemberIsACheck() =>
        Assert.Throws<CheckFailedException>(() => CoordinatorState.Of(in _instance.State).Failed);
}
