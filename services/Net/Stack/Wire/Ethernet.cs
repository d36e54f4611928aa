using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Ethernet II frames, without check sequence. Source: IEEE 802.3 and RFC 894.</summary>
internal static class Ethernet
{
    public const int HeaderBytes = 14;
    public const ushort TypeIpv4 = 0x0800;
    public const ushort TypeArp = 0x0806;

    /// <summary>Below this the field is a length (802.3), not a type.</summary>
    public const ushort TypeMin = 0x0600;

    public static void Write(Span<byte> frame, MacAddress to, MacAddress from, ushort type)
    {
        to.Write(frame, 0);
        from.Write(frame, 6);
        BigEndian.WriteUInt16(frame, 12, type);
    }
}
