using System.Buffers.Binary;
using Atoll.Abi;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Registers;

/// <summary>The state of x87 and vector registers after a start, as FXRSTOR reads it.</summary>
public static class InitialFpu
{
    /// <summary>Whether read-only data hold it at an address.</summary>
    public static bool Is(WrittenImage image, ulong address)
    {
        bool isConstant = image.Loads.Any(load => !load.IsWritable && load.Holds(address));
        ReadOnlySpan<byte> area = image.At(address, FpuArea.SizeBytes).Span;
        if (!isConstant || area.Length != FpuArea.SizeBytes)
        {
            return false;
        }

        Span<byte> wanted = stackalloc byte[FpuArea.SizeBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(wanted[FpuArea.ControlWordOffset..], FpuArea.InitialControlWord);
        BinaryPrimitives.WriteUInt32LittleEndian(wanted[FpuArea.MxcsrOffset..], FpuArea.InitialMxcsr);
        return area.SequenceEqual(wanted);
    }
}
