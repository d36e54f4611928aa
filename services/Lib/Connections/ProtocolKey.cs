using System;

namespace Atoll.Services.Lib;

/// <summary>Which protocol is spoken, and which version of it, in one word.</summary>
/// <remarks>
/// A hash of the name, FNV-1a of 64 bits ("The FNV Non-Cryptographic Hash Algorithm", section "FNV-1a Hash"), and the version in the lowest 16 bits in its place. It finds mistakes and is no protection:
/// whoever wants to speak something else says the right key, and what it sends then is untrusted as ever.
/// </remarks>
/// <param name="raw">The word.</param>
public readonly struct ProtocolKey(ulong raw)
{
    private const ulong OffsetBasis = 0xCBF2_9CE4_8422_2325;
    private const ulong Prime = 0x0000_0100_0000_01B3;
    private const ulong VersionMask = 0xFFFF;

    /// <summary>The word.</summary>
    public ulong Raw => raw;

    /// <summary>The key of a protocol.</summary>
    /// <param name="name">Its name, as in the manifest.</param>
    /// <param name="version">Its version.</param>
    public static ProtocolKey Of(ReadOnlySpan<byte> name, ushort version)
    {
        ulong hash = OffsetBasis;
        for (int index = 0; index < name.Length; index++)
        {
            hash = (hash ^ name[index]) * Prime;
        }

        return new ProtocolKey((hash & ~VersionMask) | version);
    }

    /// <summary>Whether two keys are of the same protocol, whatever the versions.</summary>
    public static bool AreOfOneProtocol(ulong first, ulong second) => (first & ~VersionMask) == (second & ~VersionMask);
}
