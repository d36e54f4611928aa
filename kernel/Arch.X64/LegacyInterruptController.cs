namespace Atoll.Arch;

/// <summary>The two 8259A controllers of the PC: only ever masked.</summary>
public static class LegacyInterruptController
{
    private const ushort PrimaryMask = 0x21;
    private const ushort SecondaryMask = 0xA1;

    /// <summary>Masks all sixteen lines. Firmware leaves the timer's open, at a vector that means double fault.</summary>
    public static void MaskAll()
    {
        Port.Write8(PrimaryMask, 0xFF);
        Port.Write8(SecondaryMask, 0xFF);
    }
}
