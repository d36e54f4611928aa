using Atoll.Linker.Model;

namespace Atoll.Linker.Dwarf;

/// <summary>What functions of one kind have in common (a CIE).</summary>
/// <param name="CodeAlignment">Factor of code advances.</param>
/// <param name="DataAlignment">Factor of saved registers' offsets.</param>
/// <param name="ReturnAddressRegister">Column of the return address.</param>
/// <param name="IsSignalFrame">Whether the caller was interrupted, so its address is exact and not that after a
/// call.</param>
/// <param name="Instructions">Initial instructions.</param>
public sealed record CommonFrame(
    ulong CodeAlignment,
    long DataAlignment,
    ulong ReturnAddressRegister,
    bool IsSignalFrame,
    ReadOnlyMemory<byte> Instructions)
{
    /// <summary>Most bytes of initial instructions: compilers need ten or so.</summary>
    public const int InstructionBytesMax = 256;
}

/// <summary>How to unwind from one range of code (an FDE).</summary>
/// <param name="Common">Its CIE.</param>
/// <param name="Piece">Piece that the range lies in.</param>
/// <param name="Offset">Where the range begins in the piece.</param>
/// <param name="LengthBytes">Bytes of code.</param>
/// <param name="Instructions">Its own instructions.</param>
public sealed record FrameDescription(
    CommonFrame Common, Piece Piece, ulong Offset, ulong LengthBytes, ReadOnlyMemory<byte> Instructions);
