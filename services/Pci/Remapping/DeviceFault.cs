namespace Atoll.Services.Pci;

/// <summary>A device reached for memory that it was not given. Nothing was read or written.</summary>
public struct DeviceFault
{
    /// <summary>Who: as it says itself, which a bridge may say for it.</summary>
    public FunctionPlace Place;

    /// <summary>Address of the page.</summary>
    public ulong Address;

    /// <summary>Whether it was to be read; else it was to be written.</summary>
    public bool WasRead;

    /// <summary>Number of the reason (Intel Virtualization Technology for Directed I/O, "Fault Reason Encodings"): 5 it may not be written, 6 it may not be read, 2 the device has no
    /// memory at all.</summary>
    public uint Reason;
}
