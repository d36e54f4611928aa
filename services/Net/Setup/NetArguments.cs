using System;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>What the system tells the stack: where its address comes from, and which programs have sockets.</summary>
/// <remarks><c>dhcp</c>, or <c>address=10.0.2.15/24 gateway=10.0.2.2 names=10.0.2.3</c>; <c>BADGE=NUMBER</c> for each program with sockets, whose channel and area have that number, from 1 on; <c>BADGE=look</c> for who may look; <c>driver=BADGE</c>; <c>hang-after=SECONDS</c>.</remarks>
public struct NetArguments
{
    private const int PrefixBitsMax = 32;

    /// <summary>Our address; none: it is asked for.</summary>
    public Ipv4Address Address;

    /// <summary>Bits of it that name the subnet.</summary>
    public Ipv4Address SubnetMask;

    /// <summary>Router to other subnets.</summary>
    public Ipv4Address Gateway;

    /// <summary>Name server.</summary>
    public Ipv4Address NameServer;

    /// <summary>The driver's badge, by which the supervisor is told that it hangs; 0: nobody is told.</summary>
    public ulong Driver;

    /// <summary>Seconds after which its first life hangs, for tests of that; 0: it does not.</summary>
    public ulong HangsAfter;

    /// <summary>Whether the address is asked for.</summary>
    public bool AsksForAddress;

    /// <summary>Who may look.</summary>
    public ObserverTable Observers;

    /// <summary>Reads them.</summary>
    /// <param name="text">What the system tells.</param>
    /// <param name="areas">Areas, by number from 0 on.</param>
    /// <param name="clients">Takes the clients.</param>
    /// <returns>False: something else is written there.</returns>
    public bool TryRead(ReadOnlySpan<byte> text, in AreaTable areas, ref ClientTable clients)
    {
        int at = 0;
        while (TryWord(text, ref at, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (!Take(key, value, in areas, ref clients))
            {
                return false;
            }
        }

        return AsksForAddress != !Address.IsNone;
    }

    private bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in AreaTable areas, ref ClientTable clients)
    {
        if (Text.AreEqual(key, "dhcp"u8))
        {
            AsksForAddress = true;
            return value.Length == 0;
        }

        if (Text.AreEqual(key, "address"u8))
        {
            return TryAddress(value, out Address, out int used) && TryMask(value.Slice(used, value.Length - used));
        }

        if (Text.AreEqual(key, "driver"u8))
        {
            return ArgumentReader.TryNumber(value, out Driver);
        }

        if (Text.AreEqual(key, "hang-after"u8))
        {
            return ArgumentReader.TryNumber(value, out HangsAfter);
        }

        if (Text.AreEqual(key, "gateway"u8))
        {
            return TryAddress(value, out Gateway, out int used) && used == value.Length;
        }

        if (Text.AreEqual(key, "names"u8))
        {
            return TryAddress(value, out NameServer, out int used) && used == value.Length;
        }

        if (!ArgumentReader.TryNumber(key, out ulong badge))
        {
            return false;
        }

        if (Text.AreEqual(value, "look"u8))
        {
            return !clients.Has(badge) && Observers.TryAdd(badge);
        }

        return ArgumentReader.TryNumber(value, out ulong number) && number is > 0 and <= AreaTable.Most
            && Observers.Find(badge) == Observers.Count && clients.TryAdd(badge, (int)number - 1, areas.At((int)number - 1));
    }

    private bool TryMask(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '/' || !ArgumentReader.TryNumber(text.Slice(1, text.Length - 1), out ulong bits) || bits is 0 or > PrefixBitsMax)
        {
            return false;
        }

        SubnetMask = new Ipv4Address(0xFFFF_FFFFu << (PrefixBitsMax - (int)bits));
        return true;
    }

    private static bool TryAddress(ReadOnlySpan<byte> text, out Ipv4Address address, out int used)
    {
        bool isAddress = AddressText.TryRead(text, out uint value, out used);
        address = new Ipv4Address(value);
        return isAddress;
    }

    private static bool TryWord(ReadOnlySpan<byte> text, ref int at, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        int first = at;
        int sign = -1;
        while (at < text.Length && text[at] != ' ')
        {
            sign = sign < 0 && text[at] == '=' ? at : sign;
            at++;
        }

        int end = sign < 0 ? at : sign;
        key = text.Slice(first, end - first);
        value = sign < 0 ? default : text.Slice(sign + 1, at - sign - 1);
        return first != at;
    }
}
