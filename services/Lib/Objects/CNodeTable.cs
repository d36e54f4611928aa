using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>A table of slots.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.CNode)]
public readonly struct CNodeTable(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Copies a capability of another table here, with at most these rights.</summary>
    public SystemResult Copy(uint index, CNodeTable from, uint fromIndex, CapabilityRights rights = CapabilityRights.All) =>
        Operation.Do(address, (ulong)CNodeOperation.Copy, Pair(index, fromIndex), from.Address, (ulong)rights);

    /// <summary>Copies with rights and a badge, or the guard of a CNode.</summary>
    public SystemResult Mint(uint index, CNodeTable from, uint fromIndex, CapabilityRights rights, ulong badge) =>
        Operation.Do(address, (ulong)CNodeOperation.Mint, Pair(index, fromIndex), from.Address, (ulong)rights, badge);

    /// <summary>Moves a capability here.</summary>
    public SystemResult Move(uint index, CNodeTable from, uint fromIndex) =>
        Operation.Do(address, (ulong)CNodeOperation.Move, Pair(index, fromIndex), from.Address);

    /// <summary>Deletes a capability.</summary>
    public SystemResult Delete(uint index) => Operation.DoAll(address, (ulong)CNodeOperation.Delete, index);

    /// <summary>Deletes everything that was derived from a capability.</summary>
    public SystemResult Revoke(uint index) => Operation.DoAll(address, (ulong)CNodeOperation.Revoke, index);

    /// <summary>Tells what is in a slot: kind and rights, size, and a detail (docs/capabilities.md).</summary>
    public SystemResult Describe(uint index, out CapabilityType type, out ulong detail)
    {
        Message message = Message.Of((ulong)CNodeOperation.Describe, MessageHeader.RegisterWords, index);
        SystemResult result = Ipc.Call(address, ref message);
        type = (CapabilityType)(byte)message.Word0;
        detail = message.Word2;
        return result;
    }

    /// <summary>Tells the size of what is in a slot, and for untyped memory how much is free.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="sizeBits">log2 of the bytes of an untyped or frame, of the slots of a CNode.</param>
    /// <param name="free">Bytes that are free.</param>
    public SystemResult DescribeSize(uint index, out uint sizeBits, out ulong free)
    {
        Message message = Message.Of((ulong)CNodeOperation.Describe, MessageHeader.RegisterWords, index);
        SystemResult result = Ipc.Call(address, ref message);
        sizeBits = (byte)message.Word1;
        free = message.Word2;
        return result;
    }

    /// <summary>Tells all about what is in a slot (docs/capabilities.md).</summary>
    public SystemResult DescribeAll(uint index, out uint type, out uint rights, out ulong detail)
    {
        Message message = Message.Of((ulong)CNodeOperation.Describe, MessageHeader.RegisterWords, index);
        SystemResult result = Ipc.Call(address, ref message);
        type = (byte)message.Word0;
        rights = (byte)(message.Word0 >> 8);
        detail = message.Word2;
        return result;
    }

    private static ulong Pair(uint index, uint fromIndex) => index | ((ulong)fromIndex << 32);
}
