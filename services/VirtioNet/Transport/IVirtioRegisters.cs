namespace Atoll.Services.VirtioNet;

/// <summary>A structure of registers.</summary>
public enum VirtioStructure : byte
{
    /// <summary>Common configuration.</summary>
    Common,

    /// <summary>Notifications of queues.</summary>
    Notify,

    /// <summary>What only network devices have.</summary>
    Device,
}

/// <summary>The registers of a virtio device. Each access has the width of its register. A struct, so that nothing is called through a table.</summary>
public interface IVirtioRegisters
{
    /// <summary>Bytes between the places where two queues are notified, for each step of their offset.</summary>
    uint NotifyMultiplier { get; }

    /// <summary>Reads a byte.</summary>
    byte Read8(VirtioStructure structure, uint offset);

    /// <summary>Reads two bytes.</summary>
    ushort Read16(VirtioStructure structure, uint offset);

    /// <summary>Reads four bytes.</summary>
    uint Read32(VirtioStructure structure, uint offset);

    /// <summary>Writes a byte.</summary>
    void Write8(VirtioStructure structure, uint offset, byte value);

    /// <summary>Writes two bytes.</summary>
    void Write16(VirtioStructure structure, uint offset, ushort value);

    /// <summary>Writes four bytes.</summary>
    void Write32(VirtioStructure structure, uint offset, uint value);
}
