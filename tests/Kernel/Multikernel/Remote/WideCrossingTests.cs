using Atoll.Abi;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>As many capabilities of one object to another core as a kernel has records for: it refuses one more, takes all back in as many messages as docs/remote-capabilities.md and docs/caveats.md say, and can give as many again.</summary>
public sealed class WideCrossingTests() : RemoteMachineTests(EndsMax, Many + RemotePrograms.Owned + 1)
{
    // docs/channels.md: ends of channels that an instance may have; docs/remote-capabilities.md: exports for each.
    private const uint EndsMax = 4096;
    private const uint Many = 4 * EndsMax;

    // docs/caveats.md: what a home asks for in one message, and what a holder answers for.
    private const uint AskedForAtOnce = 256;
    private const uint AnsweredAtOnce = 32;

    [Fact]
    public void FanOut_OfAllRecords_IsTakenBackInMessagesOfMany()
    {
        GiveAll();
        Assert.NotEqual(SystemResult.Ok, TryGive(Home, Middle, Frame));
        Assert.Equal((Many, Many), (_programs[Home].Remote.Exports.Count, _programs[Middle].Remote.Imports.Count));

        Dictionary<(uint, uint), uint> before = Sent();
        TakeBack(Home, Frame);

        AssertSent(before, (Home, Middle, Many / AskedForAtOnce), (Middle, Home, Many / AnsweredAtOnce));
        AssertNobodyHas();
        GiveAll();
    }

    private void GiveAll()
    {
        for (uint copy = 0; copy < Many; copy++)
        {
            Give(Home, Frame, Middle, Taken + copy);
        }
    }
}
