using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Memory that can be mapped.</summary>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Frame)]
public readonly struct MemoryFrame(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Maps it.</summary>
    public SystemResult Map(ulong vspace, ulong virtualAddress, MapRights rights) =>
        Operation.Do(address, (ulong)FrameOperation.Map, vspace, virtualAddress, (ulong)rights);

    /// <summary>Maps it, and tells what is missing.</summary>
    /// <param name="vspace">Address of the VSpace capability.</param>
    /// <param name="virtualAddress">Aligned to its size.</param>
    /// <param name="rights">How.</param>
    /// <param name="level">With <see cref="SystemResult.TableMissing"/>: level of the table.</param>
    public SystemResult Map(ulong vspace, ulong virtualAddress, MapRights rights, out uint level)
    {
        SystemResult result = Operation.Ask(address, (ulong)FrameOperation.Map, out ulong word, vspace, virtualAddress, (ulong)rights);
        level = (uint)word;
        return result;
    }

    /// <summary>Tells where it lies, for devices that reach memory by themselves. Needs no right.</summary>
    /// <param name="physical">Physical address.</param>
    /// <param name="bytes">How many there are.</param>
    public SystemResult GetAddress(out ulong physical, out ulong bytes)
    {
        Message message = Message.Of((ulong)FrameOperation.GetAddress, MessageHeader.RegisterWords);
        SystemResult result = Ipc.Call(address, ref message);
        physical = message.Word0;
        bytes = message.Word1;
        return result;
    }

    /// <summary>Unmaps what this capability mapped.</summary>
    public SystemResult Unmap() => Operation.Do(address, (ulong)FrameOperation.Unmap);
}
