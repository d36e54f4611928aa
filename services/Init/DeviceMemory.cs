using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>The registers of all devices, in pieces of which only frames can be made, and leave to make interrupts.</summary>
/// <param name="first">Slot in the root of the first piece.</param>
/// <param name="count">Pieces; 0 on all cores but the first.</param>
/// <param name="address">Physical address of the first piece. The others follow it without a gap.</param>
/// <param name="hasRemapping">Whether the registers of a DMA remapping unit lie in the slot behind the pieces.</param>
public readonly struct DeviceMemory(uint first, uint count, ulong address, bool hasRemapping)
{
    /// <summary>Pieces that are given.</summary>
    public uint Count => count < DeviceSlots.PiecesMax ? count : DeviceSlots.PiecesMax;

    /// <summary>Physical address of the first piece.</summary>
    public ulong Address => address;

    /// <summary>Gives everything. Whatever was made of it for an earlier life of the program is taken back first: drivers lose their registers.</summary>
    /// <param name="node">The program's CNode.</param>
    /// <param name="slot">The first of <see cref="DeviceSlots.Count"/> slots.</param>
    public StartFailure Give(CNodeTable node, uint slot)
    {
        SystemResult result = count == 0 ? SystemResult.Unavailable : node.Copy(slot, SlotMap.Root, RootSlot.IrqControl);
        for (uint piece = 0; piece < Count && result == SystemResult.Ok; piece++)
        {
            result = GiveOne(node, slot + 1 + piece, first + piece);
        }

        result = result == SystemResult.Ok && hasRemapping ? GiveOne(node, slot + DeviceSlots.Remapping, first + count) : result;
        return result == SystemResult.Ok ? StartFailure.None : StartFailure.Refused;
    }

    private static SystemResult GiveOne(CNodeTable node, uint slot, uint from)
    {
        SystemResult result = SlotMap.Root.Revoke(from);
        result = result == SystemResult.Ok ? new UntypedMemory(from).Reset() : result;
        return result == SystemResult.Ok ? node.Copy(slot, SlotMap.Root, from) : result;
    }
}
