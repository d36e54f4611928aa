namespace Atoll.Services.Pci;

/// <summary>A function of a device, as the walk found it. 16 bytes.</summary>
public struct BusFunction
{
    /// <summary>Vendor and device.</summary>
    public uint Identifier;

    /// <summary>How far behind its base address the table of interrupts lies.</summary>
    public uint TableOffset;

    /// <summary>Where the function is.</summary>
    public FunctionPlace Place;

    /// <summary>Entries of its table of interrupts; 0: it has none.</summary>
    public ushort Vectors;

    /// <summary>Where in configuration space that is said.</summary>
    public byte InterruptCapability;

    /// <summary>Which base address register the table lies behind.</summary>
    public byte TableBar;

    /// <summary>Whether it is a device's, and no bridge's.</summary>
    public bool IsDevice;
}
