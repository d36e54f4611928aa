using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>The device is begun in the order of VIRTIO 1.2, "Device Initialization", and one that is not as it must be is told that the driver gave up.</summary>
public sealed class VirtioDeviceServerTests
{
    private const byte Failed = 128;
    private readonly FakeRegisters _registers = new();
    private VirtioDevice<RegistersOfTest> _device;

    public VirtioDeviceServerTests() => _device = VirtioDevice<RegistersOfTest>.Of(new RegistersOfTest(_registers));

    [Fact]
    public void Device_IsBegunInOrder()
    {
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        Assert.Equal(DeviceStart.Ready, _device.SetQueue(0, 0x1_2345_6000, 0, out int size));
        Assert.Equal(128, size);
        Assert.Equal(DeviceStart.Ready, _device.SetQueue(1, 0x7000, 1, out _));
        _device.Finish();

        // Reset, ACKNOWLEDGE, DRIVER, FEATURES_OK, DRIVER_OK.
        Assert.Equal([0, 1, 3, 11, 15], _registers.Statuses);
        // Of what is offered: address, event index, version 1. Not what was not understood.
        Assert.Equal((1UL << 5) | (1UL << 29) | (1UL << 32), _registers.Taken);
        Assert.Equal(0x5253_5455_5657ul, _device.Station);
        Assert.Equal((0x2345_6000u, 1u), (_registers.Queues[(0, 0x20)], _registers.Queues[(0, 0x24)]));
        Assert.Equal((0x2345_6800u, 1u), (_registers.Queues[(0, 0x28)], _registers.Queues[(0, 0x2C)]));
        Assert.Equal((0x2345_6A00u, 1u), (_registers.Queues[(0, 0x30)], _registers.Queues[(0, 0x34)]));
        Assert.Equal((128u, 0u, 1u), (_registers.Queues[(0, 0x18)], _registers.Queues[(0, 0x1A)], _registers.Queues[(0, 0x1C)]));
        _device.NotifyReceive();
        _device.NotifySend();
        // Queue 1 has offset 3, and a step is four bytes.
        Assert.Equal([(0u, (ushort)0), (12u, (ushort)1)], _registers.Notified);
    }

    // VIRTIO 1.2, "Reserved Feature Bits", VIRTIO_F_ACCESS_PLATFORM: a device that offers bit 33 need not work for a driver that does not take it.
    [Fact]
    public void DeviceBehindAnIommu_IsTakenAsSuch()
    {
        _registers.Offered |= 1UL << 33;
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        Assert.Equal((1UL << 5) | (1UL << 29) | (1UL << 32) | (1UL << 33), _registers.Taken);
    }

    // VIRTIO 1.2, "Device Status Field": DRIVER_OK is 4, DEVICE_NEEDS_RESET 64. After a reset all is 0; what is not there reads as ones.
    [Theory]
    [InlineData(15, true)]
    [InlineData(15 | 64, false)]
    [InlineData(11, false)]
    [InlineData(0, false)]
    [InlineData(255, false)]
    public void DeviceThatNoLongerWorks_IsSeen(byte status, bool works)
    {
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        _device.Finish();
        _registers.Status = status;
        Assert.Equal(works, _device.Works());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(32)]
    public void FeatureThatMustBe_IsMissed(int bit)
    {
        _registers.Offered &= ~(1UL << bit);
        Assert.Equal(DeviceStart.FeatureMissing, _device.Begin());
        Assert.Equal(Failed, _registers.Status & Failed);
    }

    [Fact]
    public void EventIndex_IsNotTakenWhenItIsNotOffered()
    {
        _registers.Offered &= ~(1UL << 29);
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        Assert.False(_device.HasEvents);
        Assert.Equal(0ul, _registers.Taken & (1UL << 29));
    }

    [Fact]
    public void DeviceThatTakesFeaturesBack_IsGivenUp()
    {
        _registers.RefusesFeatures = true;
        Assert.Equal(DeviceStart.FeaturesRefused, _device.Begin());
        Assert.Equal(Failed, _registers.Status & Failed);
    }

    [Fact]
    public void DeviceThatDoesNotReset_IsNotWaitedForForEver()
    {
        _registers.NeverResets = true;
        Assert.Equal(DeviceStart.NotReset, _device.Begin());
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    public void QueueThatIsNotThere_IsMissed(int queues, int size)
    {
        _registers.QueueCount = (ushort)queues;
        _registers.QueueSize = (ushort)size;
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        Assert.Equal(DeviceStart.QueueMissing, _device.SetQueue(1, 0x1000, 1, out _));
        Assert.Equal(Failed, _registers.Status & Failed);
    }

    [Theory]
    [InlineData(127, 64)]
    [InlineData(2, 2)]
    [InlineData(0xFFFF, 128)]
    public void SmallerQueue_IsAPowerOfTwo(int offered, int expected)
    {
        _registers.QueueSize = (ushort)offered;
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        Assert.Equal(DeviceStart.Ready, _device.SetQueue(0, 0x1000, 0, out int size));
        Assert.Equal(expected, size);
        Assert.Equal((uint)expected, _registers.Queues[(0, 0x18)]);
    }

    [Fact]
    public void VectorThatIsNotTaken_IsSeen()
    {
        _registers.RefusesVectors = true;
        Assert.Equal(DeviceStart.Ready, _device.Begin());
        Assert.Equal(DeviceStart.InterruptRefused, _device.SetQueue(0, 0x1000, 0, out _));
    }
}
