using System.Buffers.Binary;
using Atoll.Net.Tests.Simulation;
using Atoll.Net.Tests.Wire;
using Atoll.Services.Net.Stack;

namespace Atoll.Net.Tests.Dhcp;

/// <summary>The DHCP client against a server written from RFC 2131.</summary>
public sealed class DhcpTests
{
    private const uint Server = 0x0A00_0002;
    private readonly Bench _bench = new(settings => settings with { Address = default, SubnetMask = default, Gateway = default });

    [Fact]
    public void Lease_IsAsked_Taken_Renewed_AndGivenUp()
    {
        AddressClient.Start(_bench.View);
        Bind();
        Assert.Equal((0x0A00_0042u, 0xFFFF_FF00u, Server), Settings());

        // T1 is half of the lease (RFC 2131, 4.4.5): the server alone is asked, from the address.
        _bench.Wait(300_000_000);
        Assert.Equal(DhcpState.Renewing, AddressClient.StateOf(_bench.View));
        Sent renewal = _bench.Take();
        Assert.Equal(Server, BinaryPrimitives.ReadUInt32BigEndian(renewal.Frame.AsSpan(30)));
        Assert.Equal(0x0A00_0042u, BinaryPrimitives.ReadUInt32BigEndian(renewal.IpPayload.AsSpan(8 + 12)));
        Assert.Equal(FrameOutcome.DhcpAccepted, Answer(renewal, 5));
        Assert.Equal(DhcpState.Bound, AddressClient.StateOf(_bench.View));

        // Nobody answers any more: T2 is seven eighths, then the address ends with the lease.
        _bench.Wait(530_000_000);
        Assert.Equal(DhcpState.Rebinding, AddressClient.StateOf(_bench.View));
        _bench.Wait(80_000_000);
        Assert.Equal(DhcpState.Selecting, AddressClient.StateOf(_bench.View));
        Assert.True(_bench.Stack.State.Settings.Address.IsNone);
    }

    [Fact]
    public void SilentNetwork_IsAskedLessAndLessOften()
    {
        AddressClient.Start(_bench.View);
        _bench.Drain();
        _bench.Wait(200_000_000);

        // 4, 8, 16, 32, 64 and 64 s, each give or take one: six more at most by 200 s.
        Assert.InRange(_bench.Sent.Count, 5, 7);
        Assert.All(_bench.Sent, frame => Assert.Equal(1, MessageType(frame)));
    }

    [Fact]
    public void Refusal_StartsAnew()
    {
        AddressClient.Start(_bench.View);
        Answer(_bench.Take(), 2);
        Assert.Equal(FrameOutcome.DhcpAccepted, Answer(_bench.Take(), 6));
        Assert.Equal(DhcpState.Selecting, AddressClient.StateOf(_bench.View));
    }

    [Fact]
    public void AnswersToOthers_AreIgnored()
    {
        AddressClient.Start(_bench.View);
        Sent discover = _bench.Take();
        Assert.Equal(FrameOutcome.DhcpIgnored, Answer(discover, 2, message => message[4] ^= 1));
        Assert.Equal(FrameOutcome.DhcpIgnored, Answer(discover, 2, message => message[33] ^= 1));
        Assert.Equal(FrameOutcome.DhcpIgnored, Answer(discover, 2, message => message[241] = 200));
        Assert.Equal(FrameOutcome.DhcpIgnored, Answer(discover, 5));
        Assert.Equal(DhcpState.Selecting, AddressClient.StateOf(_bench.View));
    }

    private void Bind()
    {
        Sent discover = _bench.Take();
        new SecondReader().Check(discover.Frame);
        Assert.Equal(1, MessageType(discover.Frame));
        Assert.Equal(FrameOutcome.DhcpAccepted, Answer(discover, 2));
        Sent request = _bench.Take();
        Assert.Equal(3, MessageType(request.Frame));
        Assert.Equal(FrameOutcome.DhcpAccepted, Answer(request, 5));
    }

    private (uint, uint, uint) Settings()
    {
        StackSettings settings = _bench.Stack.State.Settings;
        return (settings.Address.Value, settings.SubnetMask.Value, settings.Gateway.Value);
    }

    private static byte MessageType(byte[] frame) => frame[42 + 242];

    private FrameOutcome Answer(Sent asked, byte type, Action<byte[]>? change = null)
    {
        byte[] message = new byte[300];
        asked.IpPayload.AsSpan(8, 240).CopyTo(message);
        message[0] = 2;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(16), 0x0A00_0042);
        byte[] options = [53, 1, type, 54, 4, 10, 0, 0, 2, 51, 4, 0, 0, 2, 0x58, 1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 0, 2,
            6, 4, 10, 0, 0, 3, 255];
        options.CopyTo(message, 240);
        change?.Invoke(message);
        return _bench.Receive(FrameForge.Udp(67, 68, message, Server, 0x0A00_0042));
    }
}
