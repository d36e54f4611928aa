namespace Atoll.Services.Pci;

/// <summary>Configuration space of a bus. A struct, so that nothing is called through a table.</summary>
public interface IConfigurationSpace
{
    /// <summary>Reads four bytes. Where nothing is, all bits are ones.</summary>
    /// <param name="place">The function.</param>
    /// <param name="offset">A multiple of 4, below 256.</param>
    uint Read(FunctionPlace place, uint offset);

    /// <summary>Writes four bytes.</summary>
    void Write(FunctionPlace place, uint offset, uint value);
}

/// <summary>Where a function is: bus in bits 8–15, device in 3–7, function in 0–2.</summary>
/// <param name="raw">The number.</param>
public readonly struct FunctionPlace(ushort raw)
{
    private const int BusShift = 8;
    private const int DeviceShift = 3;

    /// <summary>The number.</summary>
    public readonly ushort Raw = raw;

    /// <summary>Makes one.</summary>
    public static FunctionPlace Of(uint bus, uint device, uint function) =>
        new((ushort)((bus << BusShift) | (device << DeviceShift) | function));
}
