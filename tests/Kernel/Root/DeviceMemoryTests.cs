using Atoll.Root;

namespace Atoll.Kernel.Tests.Root;

/// <summary>Which addresses are devices': above memory, below the interrupt controllers, and none that the kernel uses itself.</summary>
public sealed class DeviceMemoryTests
{
    private const ulong Mebibyte = 1 << 20;
    private const ulong IoApic = 0xFEC0_0000;

    [Theory]
    [InlineData(3 * Mebibyte, 0x8000_0000)]
    [InlineData(2048 * Mebibyte, 0x8000_0000)]
    [InlineData((2048 * Mebibyte) + 1, 0x9000_0000)]
    [InlineData(0xBFFE_0000, 0xC000_0000)]
    [InlineData(0xC000_0000, 0xC000_0000)]
    [InlineData(0xEFFF_FFFF, 0xF000_0000)]
    public void Devices_BeginAboveMemory(ulong memoryEnd, ulong first)
    {
        DeviceMemory devices = DeviceMemory.Above(memoryEnd, IoApic);

        Assert.Equal((first, IoApic), (devices.Base, devices.End));
    }

    // Memory up to the interrupt controllers; a controller in the middle, whose page the kernel has.
    [Theory]
    [InlineData(0xFE00_0000, IoApic)]
    [InlineData(0x1_0000_0000, IoApic)]
    [InlineData(128 * Mebibyte, 0x8000_0000)]
    [InlineData(128 * Mebibyte, 0xFEBF_F000)]
    public void WhereNothingIsOnlyTheirs_ThereAreNone(ulong memoryEnd, ulong ioApic)
    {
        DeviceMemory devices = DeviceMemory.Above(memoryEnd, ioApic);

        Assert.Equal((0UL, 0UL), (devices.Base, devices.End));
    }

    // A controller below them is no reason, and 0 means that there is none.
    [Theory]
    [InlineData(0)]
    [InlineData(0x7FFF_F000)]
    public void ControllersElsewhere_TakeNothing(ulong ioApic) =>
        Assert.Equal(0x8000_0000UL, DeviceMemory.Above(128 * Mebibyte, ioApic).Base);
}
