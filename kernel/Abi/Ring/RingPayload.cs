using System.Runtime.InteropServices;

namespace Atoll.Abi;

/// <summary>What a message says: seven words, 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct RingPayload
{
    /// <summary>Bytes of payload.</summary>
    public const int SizeBytes = 56;

    /// <summary>Payload word 0.</summary>
    public ulong Word0;

    /// <summary>Payload word 1.</summary>
    public ulong Word1;

    /// <summary>Payload word 2.</summary>
    public ulong Word2;

    /// <summary>Payload word 3.</summary>
    public ulong Word3;

    /// <summary>Payload word 4.</summary>
    public ulong Word4;

    /// <summary>Payload word 5.</summary>
    public ulong Word5;

    /// <summary>Payload word 6.</summary>
    public ulong Word6;
}
