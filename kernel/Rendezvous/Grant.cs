using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Rendezvous;

/// <summary>Gives capabilities along with a message: a copy for the receiver, derived from the sender's.</summary>
public static class Grant
{
    /// <summary>Copies what the sender's buffer names into the slots that the receiver's buffer names.</summary>
    /// <returns>How many arrived: the first that is missing, or finds no empty slot, ends it.</returns>
    public static uint Carry(ref readonly Thread sender, ref readonly Thread receiver, uint count)
    {
        if (sender.Buffer.IsNull || receiver.Buffer.IsNull)
        {
            return 0;
        }

        ulong node = receiver.Buffer.Value.ReceiveNode;
        ulong first = receiver.Buffer.Value.ReceiveIndex;
        if (!CSpace.Find(in receiver, node, CapabilityType.CNode, out ObjectPointer<CapabilitySlot> into).IsOk)
        {
            return 0;
        }

        for (uint given = 0; given < count; given++)
        {
            ulong address = sender.Buffer.Value.Capabilities[(int)given];
            if (!CarryOne(in sender, in into.Value, address, first + given))
            {
                return given;
            }
        }

        return count;
    }

    private static bool CarryOne(ref readonly Thread sender, ref readonly CapabilitySlot node, ulong address, ulong index)
    {
        ObjectPointer<CapabilitySlot> source = CSpace.Find(in sender, address, out _);
        if (source.IsNull || source.Value.IsEmpty || index >= CNode.Count(in node))
        {
            return false;
        }

        ObjectPointer<CapabilitySlot> target = CNode.Slot(node.Slots, index);
        return target.Value.IsEmpty && Copying.Derive(source, target, CapabilityRights.All).IsOk;
    }
}
