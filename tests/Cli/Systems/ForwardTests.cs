using Atoll.Cli.Systems;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Tests.Systems;

/// <summary>How <c>run</c> says where ports of the machine are.</summary>
public sealed class ForwardTests
{
    [Fact]
    public void MachineWithoutForwards_HasNothingToSay() => Assert.Empty(SystemBoot.Reached(network: null));

    [Fact]
    public void Forwards_AreSaidOneByOne()
    {
        VmNetwork network = new([new(new(80), 4080), new(new(7), 4007), new(new(7, IsUdp: true), 4008)]);

        Assert.Equal(
            ["curl http://127.0.0.1:4080/metrics", "in a browser: http://127.0.0.1:4080/", "tcp 7 of the machine is 127.0.0.1:4007",
                "udp 7 of the machine is 127.0.0.1:4008"],
            SystemBoot.Reached(network));
    }
}
