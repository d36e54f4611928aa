namespace Atoll.Abi;

/// <summary>An instruction that makes a function's frame larger: PUSH of a register, or SUB of a number from RSP.</summary>
/// <remarks>Sources: Intel SDM Vol. 2B, "PUSH" and "SUB"; Vol. 2A, "REX Prefixes".</remarks>
[InterruptSafe, NoPanic, NoBlock]
public readonly struct PrologueStep
{
    private const int FramePointer = 5;

    private PrologueStep(uint codeBytes, uint frameBytes, bool savesFramePointer)
    {
        CodeBytes = codeBytes;
        FrameBytes = frameBytes;
        SavesFramePointer = savesFramePointer;
    }

    /// <summary>Bytes of the instruction; 0: it is another.</summary>
    public uint CodeBytes { get; }

    /// <summary>What the frame grows by.</summary>
    public uint FrameBytes { get; }

    /// <summary>Whether it pushes RBP.</summary>
    public bool SavesFramePointer { get; }

    /// <summary>Reads an instruction.</summary>
    /// <param name="code">Its first eight bytes, the first in the lowest bits; behind the code zeros.</param>
    public static PrologueStep Of(ulong code)
    {
        // 50+r
        if ((code & 0xF8) == 0x50)
        {
            return new PrologueStep(1, sizeof(ulong), (code & 7) == FramePointer);
        }

        // 41 50+r: R8 to R15
        if ((code & 0xF8FF) == 0x5041)
        {
            return new PrologueStep(2, sizeof(ulong), savesFramePointer: false);
        }

        // 48 83 EC ib, 48 81 EC id
        return (code & 0xFF_FFFF) switch
        {
            0xEC_8348 => new PrologueStep(4, (byte)(code >> 24), savesFramePointer: false),
            0xEC_8148 => new PrologueStep(7, (uint)(code >> 24), savesFramePointer: false),
            _ => default,
        };
    }
}
