using Atoll.Arch;
using Atoll.Ipc;
using static Atoll.Kernel.Tests.Ipc.AccessKind;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>A death is in the life word, and visible, before anybody is rung for it.</summary>
public sealed unsafe class DeathNoticeTests
{
    [Fact]
    public void LifeWord_Fence_ThenADoorbellForEachOpenLink()
    {
        using var instance = new ProtocolFixture(links: 3);
        instance.Pairs[1].Left.Close<CoherentMemory>();
        ulong life = LinkFixture.Alive;
        ulong* word = &life;

        IReadOnlyList<AccessKind> accesses = AccessLog.Record(
            () => DeathNotice.Announce<RecordingMemory, ProtocolFixture.Instance, ProtocolState>(
                ref instance.State, dead: 0, word, 0x504));

        Assert.Equal([StoreHeader, Fence, Doorbell, Doorbell], accesses);
        Assert.Equal(0x504UL, life);
    }
}
