using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines.UserMode;

/// <summary>The FXSAVE image that a thread goes on with after a system call in which others ran: as after FNINIT, vector
/// registers zero. 512 bytes.</summary>
/// <remarks>Sources: Intel SDM Vol. 2A, "FXSAVE" (layout of the area) and "FINIT/FNINIT"; Vol. 1, "MXCSR Control and
/// Status Register".</remarks>
public sealed class InitialFpuState() : DataFragment(Symbol, FragmentPlace.ReadOnly, FpuArea.SizeBytes, alignmentBytes: 64)
{
    /// <summary>Symbol of the image.</summary>
    public const string Symbol = "initial_fpu_state";

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[FpuArea.ControlWordOffset..], FpuArea.InitialControlWord);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[FpuArea.MxcsrOffset..], FpuArea.InitialMxcsr);
    }
}
