using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>The untyped memory that the kernel gave: pieces that are powers of two.</summary>
/// <param name="first">Slot in the root of the first piece.</param>
/// <param name="count">Pieces.</param>
public readonly struct FreeMemory(uint first, uint count)
{
    /// <summary>Makes one object of the smallest piece that has room.</summary>
    /// <param name="type">What.</param>
    /// <param name="sizeBits">As in <see cref="RetypeRequest"/>.</param>
    /// <param name="bytesBits">log2 of its bytes.</param>
    /// <param name="slot">Empty slot of the root.</param>
    public SystemResult Make(CapabilityType type, byte sizeBits, byte bytesBits, uint slot)
    {
        for (uint bits = bytesBits; bits <= ObjectSize.UntypedBitsMax; bits++)
        {
            for (uint piece = 0; piece < count; piece++)
            {
                if (SlotMap.Root.DescribeSize(first + piece, out uint pieceBits, out ulong free) != SystemResult.Ok
                    || pieceBits != bits || free < 1UL << bytesBits)
                {
                    continue;
                }

                SystemResult made = new UntypedMemory(first + piece).RetypeAll(type, SlotMap.Root, slot, sizeBits);
                if (made != SystemResult.NotEnoughMemory)
                {
                    return made;
                }
            }
        }

        return SystemResult.NotEnoughMemory;
    }

    /// <summary>Bytes of all pieces, and those that nothing was made of.</summary>
    public void Measure(out ulong total, out ulong free)
    {
        total = 0;
        free = 0;
        for (uint piece = 0; piece < count; piece++)
        {
            if (SlotMap.Root.DescribeSize(first + piece, out uint bits, out ulong left) == SystemResult.Ok)
            {
                total += 1UL << (int)bits;
                free += left;
            }
        }
    }
}
