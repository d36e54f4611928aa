using Atoll.Services.Lib;

namespace Atoll.Services.Pci;

/// <summary>The registers of a DMA remapping unit, mapped.</summary>
/// <param name="page">The page in which they are.</param>
public readonly struct RemappingPage(RegisterPage page) : IRemappingRegisters
{
    /// <inheritdoc/>
    public uint Read(uint offset) => page.Read32(offset);

    /// <inheritdoc/>
    public void Write(uint offset, uint value) => page.Write32(offset, value);
}
