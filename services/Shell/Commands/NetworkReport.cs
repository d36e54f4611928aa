using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>net</c>: how the network's stack is set up, and what it has.</summary>
internal static class NetworkReport
{
    private const int Octets = 6;

    /// <summary>Says that there is no stack to look at, where that is so.</summary>
    internal static bool IsThere(in Surroundings around)
    {
        if (!around.HasNetwork)
        {
            around.Print("there is no network in this system that the shell may look at\n"u8);
        }

        return around.HasNetwork;
    }

    internal static void Show(in Surroundings around)
    {
        if (!IsThere(in around))
        {
            return;
        }

        CallResult told = around.Network.Station(
            out ulong station, out uint address, out uint mask, out uint gateway, out uint nameServer, out SocketAnswer answer);
        if (told != CallResult.Ok || answer != SocketAnswer.Done)
        {
            around.Print("the stack does not answer\n"u8);
            return;
        }

        TextBuffer text = default;
        text.Add("station   "u8);
        for (int octet = Octets - 1; octet >= 0; octet--)
        {
            uint value = (uint)(station >> (8 * octet)) & 0xFF;
            text.Add("0123456789abcdef"u8.Slice((int)(value >> 4), 1));
            text.Add("0123456789abcdef"u8.Slice((int)(value & 15), 1));
            text.Add(octet == 0 ? "\n"u8 : ":"u8);
        }

        text.Add("address   "u8);
        AddressText.Add(ref text, address);
        text.Add("/"u8);
        text.Add(PrefixBits(mask));
        Line(ref text, "\ngateway   "u8, gateway);
        Line(ref text, "\nnames     "u8, nameServer);
        text.Add("\n"u8);
        Places(in around, ref text);
        around.Print(in text);
    }

    private static void Places(in Surroundings around, ref TextBuffer text)
    {
        if (around.Network.Places(out uint connections, out uint bytesEach, out SocketAnswer answer) == CallResult.Ok && answer == SocketAnswer.Done)
        {
            text.Add("places    "u8);
            text.Add(SocketList.CountConnections(in around));
            text.Add(" of "u8);
            text.Add(connections);
            text.Add(" connections, each "u8);
            text.Add(bytesEach);
            text.Add(" bytes\n"u8);
        }
    }

    private static void Line(ref TextBuffer text, System.ReadOnlySpan<byte> what, uint address)
    {
        text.Add(what);
        if (address == 0)
        {
            text.Add("none"u8);
        }
        else
        {
            AddressText.Add(ref text, address);
        }
    }

    private static ulong PrefixBits(uint mask)
    {
        uint bits = 0;
        for (; bits < 32 && (mask & (0x8000_0000u >> (int)bits)) != 0; bits++)
        {
        }

        return bits;
    }
}
