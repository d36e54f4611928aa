using System.Numerics;
using Atoll.Abi;

namespace Atoll.Services.Pci;

/// <summary>Finds out what the base address registers of a function decode.</summary>
/// <remarks>
/// Source: PCI Local Bus Specification 3.0, "Base Addresses": of ones that are written, those stay that may change. Meanwhile the function decodes nothing.
/// </remarks>
internal static class BaseAddressReader
{
    private const uint AllOnes = 0xFFFF_FFFF;

    internal static void Read<TSpace>(in TSpace space, FunctionPlace place, uint function, ref RegisterTable registers)
        where TSpace : struct, IConfigurationSpace
    {
        uint command = space.Read(place, ConfigurationRegisters.CommandAndStatus) & ConfigurationRegisters.CommandMask;
        space.Write(place, ConfigurationRegisters.CommandAndStatus, command & ~ConfigurationRegisters.MemoryEnable);
        for (uint bar = 0; bar < ConfigurationRegisters.BarsOfDevice; bar++)
        {
            uint value = space.Read(place, Offset(bar));
            bool isWide = (value & (ConfigurationRegisters.IsPorts | ConfigurationRegisters.WidthMask)) == ConfigurationRegisters.WidthIs64;
            BaseAddress found = Size(in space, place, bar, value, isWide);
            if (found.SizeBits >= ObjectSize.FrameBits)
            {
                found.Function = (byte)function;
                found.Bar = (byte)bar;
                registers.Add(in found);
            }

            // A wide one takes the next register for its upper half.
            bar += isWide ? 1u : 0;
        }

        space.Write(place, ConfigurationRegisters.CommandAndStatus, command);
    }

    private static uint Offset(uint bar) => ConfigurationRegisters.FirstBar + (bar * sizeof(uint));

    private static BaseAddress Size<TSpace>(in TSpace space, FunctionPlace place, uint bar, uint value, bool isWide)
        where TSpace : struct, IConfigurationSpace
    {
        // Ports are nobody's here. And behind the last register there is none for an upper half.
        if ((value & ConfigurationRegisters.IsPorts) != 0 || (isWide && bar + 1 == ConfigurationRegisters.BarsOfDevice))
        {
            return default;
        }

        uint upper = isWide ? space.Read(place, Offset(bar + 1)) : 0;
        ulong kept = Probe(in space, place, bar, value) & ConfigurationRegisters.AddressMask;
        kept |= (isWide ? (ulong)Probe(in space, place, bar + 1, upper) : AllOnes) << 32;
        ulong address = (value & ConfigurationRegisters.AddressMask) | ((ulong)upper << 32);
        int bits = BitOperations.TrailingZeroCount(kept);

        // What may change must be all bits from one on, or it is no size; and who has no address yet decodes nothing.
        bool isSize = (uint)kept != 0 && kept == ~0UL << bits && address != 0 && (address & ~kept) == 0;
        return isSize ? new BaseAddress { Address = address, SizeBits = (byte)bits } : default;
    }

    private static uint Probe<TSpace>(in TSpace space, FunctionPlace place, uint bar, uint value)
        where TSpace : struct, IConfigurationSpace
    {
        space.Write(place, Offset(bar), AllOnes);
        uint kept = space.Read(place, Offset(bar));
        space.Write(place, Offset(bar), value);
        return kept;
    }
}
