using System;

namespace Atoll.Services.Net.Stack;

/// <summary>DHCP messages. Source: RFC 2131, figure 1; options: RFC 2132.</summary>
internal static class DhcpMessage
{
    public const ushort ClientPort = 68;
    public const ushort ServerPort = 67;
    public const byte Discover = 1;
    public const byte Offer = 2;
    public const byte Request = 3;
    public const byte Acknowledge = 5;
    public const byte Refuse = 6;

    /// <summary>BOOTP's size, which old relays insist on.</summary>
    public const int Bytes = 300;
    private const int OptionsOffset = 240;
    private const uint Cookie = 0x6382_5363;
    private const byte OptionPad = 0;
    private const byte OptionSubnetMask = 1;
    private const byte OptionRouter = 3;
    private const byte OptionNameServer = 6;
    private const byte OptionRequestedAddress = 50;
    private const byte OptionLeaseTime = 51;
    private const byte OptionMessageType = 53;
    private const byte OptionServer = 54;
    private const byte OptionParameterList = 55;
    private const byte OptionRenewTime = 58;
    private const byte OptionRebindTime = 59;
    private const byte OptionEnd = 255;

    /// <summary>Writes what the client says in its present state.</summary>
    public static void Write(Span<byte> message, in DhcpClient client, in StackSettings own, ulong now)
    {
        message.Clear();
        message[0] = 1;
        message[1] = 1;
        message[2] = 6;
        BigEndian.WriteUInt32(message, 4, client.Transaction);
        BigEndian.WriteUInt16(message, 8, (int)Arithmetic.Min((now - client.StartedAt) / StackLimits.Second, 0xFFFF));
        BigEndian.WriteUInt32(message, 12, own.Address.Value);
        own.Mac.Write(message, 28);
        BigEndian.WriteUInt32(message, 236, Cookie);
        int offset = WriteByteOption(message, OptionsOffset, OptionMessageType, client.State == DhcpState.Selecting ? Discover : Request);
        if (client.State == DhcpState.Requesting)
        {
            offset = WriteAddressOption(message, offset, OptionRequestedAddress, client.Offered);
            offset = WriteAddressOption(message, offset, OptionServer, client.Server);
        }

        message[offset] = OptionParameterList;
        message[offset + 1] = 3;
        message[offset + 2] = OptionSubnetMask;
        message[offset + 3] = OptionRouter;
        message[offset + 4] = OptionNameServer;
        message[offset + 5] = OptionEnd;
    }

    /// <summary>Reads a server's message for this client.</summary>
    /// <returns>Its type; 0 if it is none.</returns>
    public static byte Read(ReadOnlySpan<byte> message, in DhcpClient client, MacAddress own, out DhcpLease lease, out Ipv4Address server)
    {
        lease = default;
        server = default;
        if (message.Length < OptionsOffset
            || message[0] != 2
            || message[1] != 1
            || message[2] != 6
            || BigEndian.ReadUInt32(message, 4) != client.Transaction
            || !MacAddress.Read(message, 28).Is(own)
            || BigEndian.ReadUInt32(message, 236) != Cookie)
        {
            return 0;
        }

        lease.Address = new Ipv4Address(BigEndian.ReadUInt32(message, 16));
        return ReadOptions(message.Slice(OptionsOffset, message.Length - OptionsOffset), ref lease, ref server);
    }

    private static byte ReadOptions(ReadOnlySpan<byte> options, ref DhcpLease lease, ref Ipv4Address server)
    {
        byte type = 0;
        int offset = 0;
        while (offset < options.Length && options[offset] != OptionEnd)
        {
            if (options[offset] == OptionPad)
            {
                offset++;
                continue;
            }

            int length = offset + 1 < options.Length ? options[offset + 1] : options.Length;
            if (length > options.Length - offset - 2)
            {
                return 0;
            }

            ReadOption(options[offset], options.Slice(offset + 2, length), ref type, ref lease, ref server);
            offset += 2 + length;
        }

        return type;
    }

    private static void ReadOption(byte code, ReadOnlySpan<byte> value, ref byte type, ref DhcpLease lease, ref Ipv4Address server)
    {
        if (code == OptionMessageType && value.Length == 1)
        {
            type = value[0];
            return;
        }

        if (value.Length < 4)
        {
            return;
        }

        uint word = BigEndian.ReadUInt32(value, 0);
        switch (code)
        {
            case OptionSubnetMask:
                lease.SubnetMask = new Ipv4Address(word);
                break;
            case OptionRouter:
                lease.Gateway = new Ipv4Address(word);
                break;
            case OptionNameServer:
                lease.NameServer = new Ipv4Address(word);
                break;
            case OptionServer:
                server = new Ipv4Address(word);
                break;
            case OptionLeaseTime:
                lease.Seconds = word;
                break;
            case OptionRenewTime:
                lease.RenewSeconds = word;
                break;
            case OptionRebindTime:
                lease.RebindSeconds = word;
                break;
            default:
                break;
        }
    }

    private static int WriteByteOption(Span<byte> message, int offset, byte code, byte value)
    {
        message[offset] = code;
        message[offset + 1] = 1;
        message[offset + 2] = value;
        return offset + 3;
    }

    private static int WriteAddressOption(Span<byte> message, int offset, byte code, Ipv4Address value)
    {
        message[offset] = code;
        message[offset + 1] = 4;
        BigEndian.WriteUInt32(message, offset + 2, value.Value);
        return offset + 6;
    }
}
