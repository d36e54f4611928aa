namespace Atoll.Services.Pci;

/// <summary>Registers of a DMA remapping unit. A struct, so that nothing is called through a table.</summary>
public interface IRemappingRegisters
{
    /// <summary>Reads four bytes.</summary>
    /// <param name="offset">A multiple of 4, below 4096.</param>
    uint Read(uint offset);

    /// <summary>Writes four bytes.</summary>
    void Write(uint offset, uint value);
}
