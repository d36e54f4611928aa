namespace Atoll.Abi;

/// <summary>The area that FXSAVE64 writes and FXRSTOR64 reads: x87, MXCSR, XMM0 to XMM15.</summary>
/// <remarks>A zeroed area with the two initial words is the state after a reset. Source: Intel SDM Vol. 2A, "FXSAVE",
/// "Layout of the 64-Bit Mode FXSAVE64 Map".</remarks>
public static class FpuArea
{
    /// <summary>Bytes of the area. It is aligned to 16.</summary>
    public const int SizeBytes = 512;

    /// <summary>Offset of the x87 control word, 16 bits.</summary>
    public const int ControlWordOffset = 0;

    /// <summary>Offset of MXCSR, 32 bits.</summary>
    public const int MxcsrOffset = 24;

    /// <summary>Every x87 exception masked, extended precision, round to nearest (FNINIT).</summary>
    public const ushort InitialControlWord = 0x037F;

    /// <summary>Every SIMD exception masked, round to nearest (reset).</summary>
    public const uint InitialMxcsr = 0x1F80;
}
