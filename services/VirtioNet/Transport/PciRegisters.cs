using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.VirtioNet;

/// <summary>The registers of a virtio device on the PCI bus: the pages in which its structures begin, mapped.</summary>
public struct PciRegisters : IVirtioRegisters
{
    private const uint PageBytes = (uint)ImageLayout.PageSizeBytes;
    private const int StructureCount = 3;

    // Pages of a base address register before the last structure: each takes a call to skip.
    private const uint PagesMax = 64;

    private Pages _pages;
    private Starts _starts;

    /// <inheritdoc/>
    public uint NotifyMultiplier { get; private set; }

    /// <summary>Maps them.</summary>
    /// <param name="bus">Who gives registers.</param>
    /// <param name="places">Where they are.</param>
    /// <param name="space">Slot of the program's own address space.</param>
    /// <param name="row">Slots: one for the registers, one to work with, one for each page.</param>
    /// <returns>False: they cannot be had.</returns>
    public bool TryMap(PciClient bus, in StructurePlaces places, uint space, ref SlotRow row)
    {
        NotifyMultiplier = places.NotifyMultiplier;
        OwnSlot memory = row.Take();
        CallResult told = bus.Registers(places.Common.Bar, ref memory, out UntypedMemory registers, out uint sizeBits, out PciAnswer answer);
        bool isGiven = told == CallResult.Ok && answer == PciAnswer.Done && registers.Address != 0;
        bool isMapped = isGiven && MapPages(registers, sizeBits, in places, space, ref row);
        memory.Leave();
        return isMapped;
    }

    /// <inheritdoc/>
    public readonly byte Read8(VirtioStructure structure, uint offset) => Page(structure).Read8(At(structure, offset));

    /// <inheritdoc/>
    public readonly ushort Read16(VirtioStructure structure, uint offset) => Page(structure).Read16(At(structure, offset));

    /// <inheritdoc/>
    public readonly uint Read32(VirtioStructure structure, uint offset) => Page(structure).Read32(At(structure, offset));

    /// <inheritdoc/>
    public readonly void Write8(VirtioStructure structure, uint offset, byte value) => Page(structure).Write8(At(structure, offset), value);

    /// <inheritdoc/>
    public readonly void Write16(VirtioStructure structure, uint offset, ushort value) => Page(structure).Write16(At(structure, offset), value);

    /// <inheritdoc/>
    public readonly void Write32(VirtioStructure structure, uint offset, uint value) => Page(structure).Write32(At(structure, offset), value);

    private readonly RegisterPage Page(VirtioStructure structure) => _pages[(int)structure];

    private readonly uint At(VirtioStructure structure, uint offset) => _starts[(int)structure] + offset;

    // From the first page on, one after the other: each becomes a frame, and those in which nothing begins are given up again.
    private bool MapPages(UntypedMemory registers, uint sizeBits, in StructurePlaces places, uint space, ref SlotRow row)
    {
        uint pages = 1u << ((int)sizeBits - ObjectSize.FrameBits);
        uint mapped = 0;
        OwnSlot frame = row.Take();
        for (uint page = 0; page < pages && page < PagesMax && mapped < StructureCount; page++)
        {
            if (frame.Make(registers, CapabilityType.Frame, ObjectSize.FrameBits) != SystemResult.Ok)
            {
                break;
            }

            uint here = CountIn(in places, page);
            if (here == 0)
            {
                frame.Clear();
                continue;
            }

            if (RegisterPage.Map(new MemoryFrame(frame.Address), space, mapped, out RegisterPage window) != SystemResult.Ok)
            {
                break;
            }

            Enter(in places.Common, VirtioStructure.Common, page, window);
            Enter(in places.Notify, VirtioStructure.Notify, page, window);
            Enter(in places.Device, VirtioStructure.Device, page, window);
            mapped += here;
            frame.Leave();
            frame = row.Take();
        }

        frame.Free();
        return mapped == StructureCount;
    }

    private static uint CountIn(in StructurePlaces places, uint page) =>
        (places.Common.Offset / PageBytes == page ? 1u : 0) + (places.Notify.Offset / PageBytes == page ? 1u : 0)
            + (places.Device.Offset / PageBytes == page ? 1u : 0);

    private void Enter(in StructurePlace place, VirtioStructure structure, uint page, RegisterPage window)
    {
        if (place.Offset / PageBytes == page)
        {
            _pages[(int)structure] = window;
            _starts[(int)structure] = place.Offset % PageBytes;
        }
    }

    [InlineArray(StructureCount)]
    private struct Pages
    {
        private RegisterPage _page0;
    }

    [InlineArray(StructureCount)]
    private struct Starts
    {
        private uint _start0;
    }
}
