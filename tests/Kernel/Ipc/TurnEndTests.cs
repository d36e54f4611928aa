using Atoll.Arch;
using Atoll.Ipc;
using static Atoll.Kernel.Tests.Ipc.AccessKind;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>A turn costs one fence, however many it wrote to, and a look at each of those.</summary>
public sealed unsafe class TurnEndTests
{
    [Fact]
    public void NothingSent_TouchesNothing()
    {
        using var instance = new ProtocolFixture(links: 3);
        Assert.Empty(End(instance));
    }

    [Fact]
    public void OneFence_ThenADoorbellForEachSleeperWrittenTo()
    {
        using var instance = new ProtocolFixture(links: 3);
        SendTo(instance, 0);
        SendTo(instance, 2);
        SendTo(instance, 2);
        *instance.Pairs[0].RightWake = 1;
        *instance.Pairs[1].RightWake = 1;
        *instance.Pairs[2].RightWake = 7;

        Assert.Equal([Fence, LoadHeader, Doorbell, LoadHeader, Doorbell], End(instance));
        Assert.Empty(End(instance));
    }

    [Fact]
    public void TheSameSleep_IsRungForOnce_TheNextAgain_TheAwakeNever()
    {
        using var instance = new ProtocolFixture(links: 1);
        foreach ((ulong wake, bool rings) in new[] { (1UL, true), (1UL, false), (2UL, false), (3UL, true) })
        {
            *instance.Pairs[0].RightWake = wake;
            SendTo(instance, 0);
            Assert.Equal(rings, End(instance).Contains(Doorbell));
        }
    }

    private static void SendTo(ProtocolFixture instance, int link)
    {
        LinkMessage message = new() { Kind = (uint)LinkKind.FirstOfLayerAbove };
        Assert.Equal(LinkSendResult.Sent, instance.Pairs[link].Left.TrySend<CoherentMemory>(ref message));
    }

    private static IReadOnlyList<AccessKind> End(ProtocolFixture instance) => AccessLog.Record(
        () => TurnEnd.RingSleepers<RecordingMemory, ProtocolFixture.Instance, ProtocolState>(ref instance.State));
}
