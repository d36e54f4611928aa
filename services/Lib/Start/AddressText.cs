using System;

namespace Atoll.Services.Lib;

/// <summary>IPv4 addresses as people write them: four numbers with dots between.</summary>
public static class AddressText
{
    private const int Octets = 4;
    private const ulong OctetMax = 255;

    /// <summary>Reads an address that a text begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">First octet highest.</param>
    /// <param name="used">Bytes that it took.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out uint address, out int used)
    {
        address = 0;
        used = 0;
        for (int octet = 0; octet < Octets; octet++)
        {
            int first = used;
            while (used < text.Length && text[used] is >= (byte)'0' and <= (byte)'9')
            {
                used++;
            }

            bool isNumber = ArgumentReader.TryNumber(text.Slice(first, used - first), out ulong number) && number <= OctetMax;
            bool isFollowed = octet == Octets - 1 || (used < text.Length && text[used++] == '.');
            if (!isNumber || !isFollowed)
            {
                address = 0;
                return false;
            }

            address = (address << 8) | (uint)number;
        }

        return true;
    }

    /// <summary>Adds an address to a text.</summary>
    public static void Add(ref TextBuffer text, uint address)
    {
        for (int octet = Octets - 1; octet >= 0; octet--)
        {
            text.Add((address >> (8 * octet)) & 0xFF);
            text.Add(octet == 0 ? default : "."u8);
        }
    }
}
