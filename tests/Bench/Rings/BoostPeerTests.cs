using Atoll.Bench.Rings;

namespace Atoll.Bench.Tests.Rings;

/// <summary>The peer in C++ passes messages where it can be compiled, and says what is missing where it cannot.</summary>
public sealed class BoostPeerTests
{
    [Theory]
    [InlineData("stream", RingPlan.Boost)]
    [InlineData("stream", RingPlan.BoostBulk)]
    [InlineData("round-trip", RingPlan.Boost)]
    public void Peer_GivesASampleOrNamesThePackages(string measure, string contender)
    {
        if (BoostPeer.Missing is { } missing)
        {
            Assert.Matches("Debian package missing: .*(g\\+\\+|libboost-dev)", missing);
            return;
        }

        Environment.CurrentDirectory = Root();
        using SamplerProcess peer = BoostPeer.Start();

        Assert.True(peer.Take(new Series(measure, contender, 64, 500)).Ticks > 0);
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
