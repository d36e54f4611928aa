using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Memory without objects.</summary>
/// <remarks>Of another instance's, which a program there has given (<c>RingChannel.Move</c>), frames and smaller untypeds can be made, and it cannot be reset: each part is handed out once.</remarks>
/// <param name="address">Address of the capability.</param>
[Capability(CapabilityType.Untyped)]
public readonly struct UntypedMemory(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Makes objects into consecutive slots of a CNode.</summary>
    public SystemResult Retype(CapabilityType type, CNodeTable into, uint index, byte sizeBits = 0, uint count = 1) =>
        Operation.Do(address, (ulong)UntypedOperation.Retype, RetypeRequest.Of(type, sizeBits, count).Raw, into.Address, index);

    /// <summary>Makes objects, however long the zeroing takes.</summary>
    public SystemResult RetypeAll(CapabilityType type, CNodeTable into, uint index, byte sizeBits = 0, uint count = 1)
    {
        SystemResult result = Retype(type, into, index, sizeBits, count);
        while (result == SystemResult.Again)
        {
            result = Retype(type, into, index, sizeBits, count);
        }

        return result;
    }

    /// <summary>Makes the memory free again; all objects in it must be gone.</summary>
    public SystemResult Reset() => Operation.DoAll(address, (ulong)UntypedOperation.Reset);
}
