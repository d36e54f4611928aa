using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>What the measurements work with: slots of the root CNode and the memory that objects are made of.</summary>
public struct Setting
{
    /// <summary>First slot that this program may fill.</summary>
    public uint FirstFree;

    /// <summary>Next slot.</summary>
    public uint Next;

    /// <summary>The largest untyped.</summary>
    public UntypedMemory Memory;

    /// <summary>The root CNode.</summary>
    public static CNodeTable Root => new(RootSlot.CNode);

    /// <summary>Reads what the kernel says.</summary>
    [Trusted(Safety = "The kernel maps the page there, readable, before the program begins.")]
    public static unsafe Setting Begin()
    {
        ref BootInformation told = ref *(BootInformation*)BootInformation.Address;
        uint largest = 0;
        for (uint index = 1; index < told.UntypedCount; index++)
        {
            if (told.Sizes[(int)index] > told.Sizes[(int)largest])
            {
                largest = index;
            }
        }

        return new Setting
        {
            FirstFree = told.FirstFree,
            Next = told.FirstFree,
            Memory = new UntypedMemory(told.FirstUntyped + largest),
        };
    }

    /// <summary>Makes an object in the next slot.</summary>
    /// <returns>Its slot, which is its address.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint Make(CapabilityType type, byte sizeBits = 0)
    {
        uint slot = Next++;
        Report.Expect(Memory.Retype(type, Root, slot, sizeBits));
        return slot;
    }

    /// <summary>Takes slots that stay empty for now.</summary>
    /// <returns>The first of them.</returns>
    public uint Take(uint count)
    {
        uint first = Next;
        Next += count;
        return first;
    }
}
