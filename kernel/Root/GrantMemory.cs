using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Root;

/// <summary>Memory of the grant, seen through the window.</summary>
[Trusted(Safety = "The window maps the whole grant; both ends are compared with the grant's, and any pattern is a value.")]
internal static unsafe class GrantMemory
{
    /// <summary>Bytes of the grant.</summary>
    internal static ReadOnlySpan<byte> View(ref readonly GrantLayout grant, ulong physical, ulong bytes)
    {
        Check.That(physical >= grant.Base && bytes <= grant.End - physical && bytes <= 0x7FFF_FFFF);
        return new ReadOnlySpan<byte>((void*)(PhysicalWindow.Base + physical), (int)bytes);
    }

    /// <summary>Zeroes memory of the grant.</summary>
    internal static void Clear(ref readonly GrantLayout grant, ulong physical, ulong bytes)
    {
        Check.That(physical >= grant.Base && bytes <= grant.End - physical);
        byte* at = (byte*)(PhysicalWindow.Base + physical);
        byte* end = at + bytes;
        byte* wholeEnd = at + (bytes & ~(Line.SizeBytes - 1UL));
        for (; at != wholeEnd; at += Line.SizeBytes)
        {
            *(Line*)at = default;
        }

        for (; at != end; at++)
        {
            *at = 0;
        }
    }

    /// <summary>A page of the grant that holds what the first program is told.</summary>
    internal static ref BootInformation Information(ref readonly GrantLayout grant, ulong physical)
    {
        Check.That(physical >= grant.Base && Bits.IsAligned(physical, ImageLayout.PageSizeBytes) && physical < grant.End);
        return ref *(BootInformation*)(PhysicalWindow.Base + physical);
    }

    [InlineArray(SizeBytes / sizeof(ulong))]
    private struct Line
    {
        public const int SizeBytes = 64;

        private ulong _word0;
    }
}
