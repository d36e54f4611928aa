using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>The registers of all devices, in pieces of which only frames can be made, and leave to make interrupts.</summary>
/// <param name="first">Slot in the root of the first piece.</param>
/// <param name="count">Pieces; 0 on all cores but the first.</param>
/// <param name="address">Physical address of the first piece. The others follow it without a gap.</param>
public readonly struct DeviceMemory(uint first, uint count, ulong address)
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
            result = SlotMap.Root.Revoke(first + piece);
            result = result == SystemResult.Ok ? new UntypedMemory(first + piece).Reset() : result;
            result = result == SystemResult.Ok ? node.Copy(slot + 1 + piece, SlotMap.Root, first + piece) : result;
        }

        return result == SystemResult.Ok ? StartFailure.None : StartFailure.Refused;
    }
}
