using Atoll.Net.Tests.Simulation;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests;

/// <summary>What a stack is given is checked before it is used.</summary>
public sealed class SetupTests
{
    public static TheoryData<string, SetupResult> Wrong => new()
    {
        { "mtu 575", SetupResult.BadMtu },
        { "mtu 1501", SetupResult.BadMtu },
        { "buffer 5000", SetupResult.BadBufferSize },
        { "buffer 2048", SetupResult.BadBufferSize },
        { "buffer 128K", SetupResult.PoolTooSmall },
        { "group mac", SetupResult.BadAddress },
        { "multicast", SetupResult.BadAddress },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongSetting_IsRefusedByName(string what, SetupResult expected)
    {
        var stack = new HostStack(StackSettings.Standard);
        StackSettings wrong = what switch
        {
            "mtu 575" => StackSettings.Standard with { Mtu = 575 },
            "mtu 1501" => StackSettings.Standard with { Mtu = 1501 },
            "buffer 5000" => StackSettings.Standard with { TcpBufferBytes = 5000 },
            "buffer 2048" => StackSettings.Standard with { TcpBufferBytes = 2048 },
            "buffer 128K" => StackSettings.Standard with { TcpBufferBytes = 128 * 1024 },
            "group mac" => StackSettings.Standard with { Mac = MacAddress.Broadcast },
            _ => StackSettings.Standard with { Address = Ipv4Address.Of(224, 0, 0, 1) },
        };

        Assert.Equal(expected, stack.At(0).Begin(wrong));
        Assert.Equal(SetupResult.Ready, stack.At(0).Begin(StackSettings.Standard));
    }
}
