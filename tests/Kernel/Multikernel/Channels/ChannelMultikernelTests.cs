using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Multikernel.Channels;

/// <summary>Channels between programs of whole simulated machines, in random orders of turns, with deaths.</summary>
public sealed class ChannelMultikernelTests
{
    private const int Steps = 400;

    [Fact]
    public void Channels_AgreeAtBothEnds_WhoeverGoesOrDies() => Seeds.ForEach(100, random => ChannelRun.Run(random, Steps));
}
