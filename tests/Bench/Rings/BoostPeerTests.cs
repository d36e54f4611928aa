using Atoll.Bench.Rings;

namespace Atoll.Bench.Tests.Rings;

/// <summary>The peer in C++ passes messages where it can be compiled, and says what is missing where it cannot.</summary>
public sealed class BoostPeerTests
{
    [Fact]
    public void Peer_GivesSamplesOrNamesThePackages()
    {
        if (BoostPeer.Missing is { } missing)
        {
            Assert.Matches("Debian package missing: .*(g\\+\\+|libboost-dev)", missing);
            return;
        }

        Environment.CurrentDirectory = Root();
        using SamplerProcess peer = BoostPeer.Start();

        // The peer itself ends with an error when a message is damaged or out of order.
        Assert.All(
            [new Series("stream", RingPlan.Boost, 64, 500), new Series("stream", RingPlan.BoostBulk, 64, 500), new Series("round-trip", RingPlan.Boost, 64, 500)],
            series => Assert.True(peer.Take(series).Ticks > 0));
    }

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
