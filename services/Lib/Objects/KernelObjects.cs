using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Memory without objects.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct UntypedMemory(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Makes objects into consecutive slots of a CNode.</summary>
    public SystemResult Retype(CapabilityType type, CNodeTable into, uint index, byte sizeBits = 0, uint count = 1) =>
        Operation.Do(address, (ulong)UntypedOperation.Retype, RetypeRequest.Of(type, sizeBits, count).Raw, into.Address, index);

    /// <summary>Makes the memory free again; all objects in it must be gone.</summary>
    public SystemResult Reset() => Operation.DoAll(address, (ulong)UntypedOperation.Reset);
}

/// <summary>A table of slots.</summary>
/// <param name="address">Address of the capability.</param>
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

    private static ulong Pair(uint index, uint fromIndex) => index | ((ulong)fromIndex << 32);
}

/// <summary>Memory that can be mapped.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct MemoryFrame(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Maps it.</summary>
    public SystemResult Map(ulong vspace, ulong virtualAddress, MapRights rights) =>
        Operation.Do(address, (ulong)FrameOperation.Map, vspace, virtualAddress, (ulong)rights);

    /// <summary>Unmaps what this capability mapped.</summary>
    public SystemResult Unmap() => Operation.Do(address, (ulong)FrameOperation.Unmap);
}

/// <summary>A page table.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct TranslationTable(ulong address)
{
    /// <summary>Enters it in an address space.</summary>
    public SystemResult Map(ulong vspace, ulong virtualAddress, uint level) =>
        Operation.Do(address, (ulong)PageTableOperation.Map, vspace, virtualAddress, level);
}

/// <summary>A thread.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct ThreadControl(ulong address)
{
    /// <summary>Address of the capability.</summary>
    public ulong Address => address;

    /// <summary>Gives it what it lives by.</summary>
    public SystemResult Configure(ulong root, ulong vspace, ulong faultEndpoint, ulong bufferFrame) =>
        Operation.Do(address, (ulong)ThreadOperation.Configure, root, vspace, faultEndpoint, bufferFrame);

    /// <summary>Says where its message buffer is mapped.</summary>
    public SystemResult SetBuffer(ulong virtualAddress, ulong offset = 0) =>
        Operation.Do(address, (ulong)ThreadOperation.SetBuffer, virtualAddress, offset);

    /// <summary>Sets priority, and the most that it may give.</summary>
    public SystemResult SetPriority(byte priority, byte most) => Operation.Do(address, (ulong)ThreadOperation.SetPriority, priority, most);

    /// <summary>Gives it time of its own.</summary>
    public SystemResult BindContext(ulong context) => Operation.Do(address, (ulong)ThreadOperation.BindContext, context);

    /// <summary>Takes its time away.</summary>
    public SystemResult UnbindContext() => Operation.Do(address, (ulong)ThreadOperation.UnbindContext);

    /// <summary>Sets where it begins.</summary>
    public SystemResult SetRegisters(ulong entry, ulong stack, ulong argument0 = 0, ulong argument1 = 0) =>
        Operation.Do(address, (ulong)ThreadOperation.SetRegisters, entry, stack, argument0, argument1);

    /// <summary>Lets it run.</summary>
    public SystemResult Resume() => Operation.Do(address, (ulong)ThreadOperation.Resume);

    /// <summary>Stops it.</summary>
    public SystemResult Suspend() => Operation.Do(address, (ulong)ThreadOperation.Suspend);
}

/// <summary>May set budgets.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct SchedulingAuthority(ulong address)
{
    /// <summary>Sets budget and period of a scheduling context, in microseconds.</summary>
    public SystemResult Configure(ulong context, ulong budget, ulong period) =>
        Operation.Do(address, (ulong)SchedulingControlOperation.Configure, context, budget, period);
}

/// <summary>A range of I/O ports.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct PortRange(ulong address)
{
    /// <summary>Reads a byte.</summary>
    public SystemResult Read8(ushort port, out byte value)
    {
        SystemResult result = Operation.Ask(address, (ulong)IoPortOperation.Read8, out ulong word, port);
        value = (byte)word;
        return result;
    }

    /// <summary>Writes a byte.</summary>
    public SystemResult Write8(ushort port, byte value) => Operation.Do(address, (ulong)IoPortOperation.Write8, port, value);
}

/// <summary>May make ranges of I/O ports.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct PortControl(ulong address)
{
    /// <summary>Makes a range.</summary>
    public SystemResult Get(ulong first, ulong last, CNodeTable into, uint index) =>
        Operation.Do(address, (ulong)IoPortControlOperation.Get, first, last, into.Address, index);
}
