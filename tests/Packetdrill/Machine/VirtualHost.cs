using Atoll.Net.Tests.Simulation;
using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Machine;

/// <summary>
/// The stack as packetdrill wants it: a network device that takes and gives IP packets, and a clock that only moves when somebody
/// sleeps or waits for a packet. The link's other end answers ARP by itself.
/// </summary>
public sealed class VirtualHost
{
    private const ulong OwnMac = 0x0200_0000_0001;
    private const ulong PeerMac = 0x0200_0000_0002;

    // A packet that comes later than this in virtual time will not come.
    private const ulong PatienceMicroseconds = 3 * 3600UL * 1_000_000;

    private readonly HostStack _stack;
    private readonly Queue<(byte[] Packet, ulong At)> _sent = new();

    /// <param name="change">What is to be otherwise than in <see cref="StackSettings.Standard"/>.</param>
    public VirtualHost(Func<StackSettings, StackSettings>? change = null)
    {
        StackSettings settings = StackSettings.Standard with
        {
            Mac = new MacAddress(OwnMac),
            SubnetMask = Ipv4Address.Of(255, 255, 0, 0),
            Gateway = Ipv4Address.Of(192, 168, 0, 254),
            Key = new SecretKey { Low = 0x0123_4567_89AB_CDEF, High = 0xFEDC_BA98_7654_3210 },
        };
        _stack = new HostStack(change is null ? settings : change(settings), new StackSizes { Connections = 16, Listeners = 4 });
    }

    /// <summary>Virtual time, microseconds.</summary>
    public ulong Now { get; private set; } = 1_000_000;

    public NetStack View => _stack.At(Now);

    /// <summary>Our address: the first that anybody asks for.</summary>
    public void AdoptAddress(Ipv4Address address)
    {
        ref StackSettings settings = ref _stack.State.Settings;
        settings.Address = settings.Address.IsNone && address.IsUnicast ? address : settings.Address;
    }

    /// <summary>An IP packet arrives.</summary>
    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= 20)
        {
            AdoptAddress(new Ipv4Address(((uint)packet[16] << 24) | ((uint)packet[17] << 16) | ((uint)packet[18] << 8) | packet[19]));
        }

        _stack.Receive(Now, [.. Address(OwnMac), .. Address(PeerMac), 0x08, 0x00, .. packet]);
        Pump();
    }

    /// <summary>The next IP packet that leaves; time passes until there is one.</summary>
    public bool TryTransmit(out byte[] packet, out ulong at)
    {
        ulong patience = Now + PatienceMicroseconds;
        Pump();
        while (_sent.Count == 0 && View.NextDeadline() <= patience)
        {
            Now = Math.Max(Now, View.NextDeadline());
            View.Advance();
            Pump();
        }

        (packet, at) = _sent.Count > 0 ? _sent.Dequeue() : ([], Now);
        return packet.Length > 0;
    }

    /// <summary>Whether a packet has left that nobody has taken.</summary>
    public bool HasSent => _sent.Count > 0;

    /// <summary>Time passes.</summary>
    public void Sleep(ulong microseconds)
    {
        ulong end = Now + microseconds;
        Pump();
        while (View.NextDeadline() <= end)
        {
            Now = Math.Max(Now, View.NextDeadline());
            View.Advance();
            Pump();
        }

        Now = end;
    }

    /// <summary>Lets the stack send what it has.</summary>
    public void Pump()
    {
        foreach (byte[] frame in _stack.TransmitAll(Now))
        {
            if (frame[13] == 6)
            {
                AnswerArp(frame);
            }
            else
            {
                _sent.Enqueue((frame[14..], Now));
            }
        }
    }

    private static byte[] Address(ulong mac) => [.. Enumerable.Range(0, 6).Select(octet => (byte)(mac >> (40 - (8 * octet))))];

    private void AnswerArp(byte[] request)
    {
        byte[] answer = [.. Address(OwnMac), .. Address(PeerMac), .. request[12..20], 0, 2, .. Address(PeerMac),
            .. request[38..42], .. request[22..32]];
        _stack.Receive(Now, answer);
        Pump();
    }
}
