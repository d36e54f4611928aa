namespace Atoll.Services.VirtioNet;

/// <summary>What comes of beginning with a device. Unless it is <see cref="Ready"/>, the device is told that the driver gave up.</summary>
[MustUse]
public enum DeviceStart : byte
{
    /// <summary>It works from now on.</summary>
    Ready,

    /// <summary>It does not become quiet when it is reset.</summary>
    NotReset,

    /// <summary>It is no device of version 1, or has no Ethernet address.</summary>
    FeatureMissing,

    /// <summary>It takes back what it offered.</summary>
    FeaturesRefused,

    /// <summary>It does not have the two queues, or one of no size that can be used.</summary>
    QueueMissing,

    /// <summary>It does not take an interrupt for a queue.</summary>
    InterruptRefused,
}

/// <summary>A network device through its registers: from reset to work.</summary>
/// <remarks>Source: Virtual I/O Device (VIRTIO) Version 1.2, "Device Initialization", "PCI-specific Initialization And Device Operation".</remarks>
/// <typeparam name="TRegisters">Its registers.</typeparam>
public struct VirtioDevice<TRegisters>
    where TRegisters : struct, IVirtioRegisters
{
    private const int ResetLooks = 100_000;
    private const ulong Wanted = VirtioRegisters.Version1 | VirtioRegisters.HasStation | VirtioRegisters.EventIndex | VirtioRegisters.AccessPlatform;
    private const ulong Needed = VirtioRegisters.Version1 | VirtioRegisters.HasStation;
    private const int StationBytes = 6;

    private TRegisters _registers;
    private uint _receiveNotify;
    private uint _sendNotify;

    /// <summary>Whether both sides say at which index they want to be told.</summary>
    public bool HasEvents { get; private set; }

    /// <summary>Its Ethernet address, first octet highest.</summary>
    public ulong Station { get; private set; }

    /// <summary>The device of some registers.</summary>
    public static VirtioDevice<TRegisters> Of(in TRegisters registers) => new() { _registers = registers };

    /// <summary>Stops the device: it gives up every buffer.</summary>
    /// <returns>False: it does not.</returns>
    public bool TryReset()
    {
        _registers.Write8(VirtioStructure.Common, VirtioRegisters.Status, 0);
        for (int look = 0; look < ResetLooks; look++)
        {
            if (_registers.Read8(VirtioStructure.Common, VirtioRegisters.Status) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Resets it and agrees on features. Queues can be set afterwards.</summary>
    public DeviceStart Begin()
    {
        if (!TryReset())
        {
            return DeviceStart.NotReset;
        }

        SetStatus(VirtioRegisters.Acknowledge);
        SetStatus(VirtioRegisters.Driver);
        ulong features = ReadFeatures() & Wanted;
        if ((features & Needed) != Needed)
        {
            return Fail(DeviceStart.FeatureMissing);
        }

        WriteFeatures(features);
        SetStatus(VirtioRegisters.FeaturesReady);
        if ((_registers.Read8(VirtioStructure.Common, VirtioRegisters.Status) & VirtioRegisters.FeaturesReady) == 0)
        {
            return Fail(DeviceStart.FeaturesRefused);
        }

        HasEvents = (features & VirtioRegisters.EventIndex) != 0;
        Station = ReadStation();
        _registers.Write16(VirtioStructure.Common, VirtioRegisters.ConfigurationVector, VirtioRegisters.NoVector);
        return DeviceStart.Ready;
    }

    /// <summary>Sets a queue up.</summary>
    /// <param name="queue">Its number.</param>
    /// <param name="address">Physical address of its page.</param>
    /// <param name="vector">Interrupt that says that buffers were used.</param>
    /// <param name="size">Descriptors: as many as the device has, at most those that fit.</param>
    public DeviceStart SetQueue(ushort queue, ulong address, ushort vector, out int size)
    {
        size = 0;
        _registers.Write16(VirtioStructure.Common, VirtioRegisters.QueueSelect, queue);
        int most = _registers.Read16(VirtioStructure.Common, VirtioRegisters.QueueSize);
        if (queue >= _registers.Read16(VirtioStructure.Common, VirtioRegisters.QueueCount) || most < 2)
        {
            return Fail(DeviceStart.QueueMissing);
        }

        size = QueueLayout.DescriptorsMax;
        while (size > most)
        {
            size /= 2;
        }

        _registers.Write16(VirtioStructure.Common, VirtioRegisters.QueueSize, (ushort)size);
        _registers.Write16(VirtioStructure.Common, VirtioRegisters.QueueVector, vector);
        if (_registers.Read16(VirtioStructure.Common, VirtioRegisters.QueueVector) != vector)
        {
            return Fail(DeviceStart.InterruptRefused);
        }

        WriteAddress(VirtioRegisters.QueueDescriptors, address);
        WriteAddress(VirtioRegisters.QueueAvailable, address + (QueueLayout.Available * QueueLayout.WordBytes));
        WriteAddress(VirtioRegisters.QueueUsed, address + (QueueLayout.Used * QueueLayout.WordBytes));
        uint notify = _registers.Read16(VirtioStructure.Common, VirtioRegisters.QueueNotifyOffset) * _registers.NotifyMultiplier;
        if (queue == VirtioRegisters.ReceiveQueue)
        {
            _receiveNotify = notify;
        }
        else
        {
            _sendNotify = notify;
        }

        _registers.Write16(VirtioStructure.Common, VirtioRegisters.QueueEnable, 1);
        return DeviceStart.Ready;
    }

    /// <summary>Everything is set: the device may work.</summary>
    public void Finish() => SetStatus(VirtioRegisters.DriverReady);

    /// <summary>Whether it works still: it was told to, was not reset since, and does not ask for a reset.</summary>
    /// <remarks>Source: VIRTIO 1.2, "Device Status Field", DEVICE_NEEDS_RESET. A device that is not there reads as ones.</remarks>
    public bool Works() =>
        (_registers.Read8(VirtioStructure.Common, VirtioRegisters.Status) & (VirtioRegisters.DriverReady | VirtioRegisters.NeedsReset))
            == VirtioRegisters.DriverReady;

    /// <summary>Tells the device to look at the queue of what was received.</summary>
    public void NotifyReceive() => _registers.Write16(VirtioStructure.Notify, _receiveNotify, VirtioRegisters.ReceiveQueue);

    /// <summary>Tells the device to look at the queue of what is to be sent.</summary>
    public void NotifySend() => _registers.Write16(VirtioStructure.Notify, _sendNotify, VirtioRegisters.SendQueue);

    private DeviceStart Fail(DeviceStart why)
    {
        SetStatus(VirtioRegisters.Failed);
        return why;
    }

    private void SetStatus(byte bit) => _registers.Write8(
        VirtioStructure.Common, VirtioRegisters.Status, (byte)(_registers.Read8(VirtioStructure.Common, VirtioRegisters.Status) | bit));

    private ulong ReadFeatures()
    {
        ulong features = 0;
        for (uint half = 0; half < 2; half++)
        {
            _registers.Write32(VirtioStructure.Common, VirtioRegisters.DeviceFeatureSelect, half);
            features |= (ulong)_registers.Read32(VirtioStructure.Common, VirtioRegisters.DeviceFeature) << (int)(32 * half);
        }

        return features;
    }

    private void WriteFeatures(ulong features)
    {
        for (uint half = 0; half < 2; half++)
        {
            _registers.Write32(VirtioStructure.Common, VirtioRegisters.DriverFeatureSelect, half);
            _registers.Write32(VirtioStructure.Common, VirtioRegisters.DriverFeature, (uint)(features >> (int)(32 * half)));
        }
    }

    // A 64-bit register is written as two of 32 ("PCI Device Layout": drivers access 64-bit fields as two independent 32-bit fields).
    private void WriteAddress(uint register, ulong address)
    {
        _registers.Write32(VirtioStructure.Common, register, (uint)address);
        _registers.Write32(VirtioStructure.Common, register + 4, (uint)(address >> 32));
    }

    private ulong ReadStation()
    {
        ulong station = 0;
        for (uint octet = 0; octet < StationBytes; octet++)
        {
            station = (station << 8) | _registers.Read8(VirtioStructure.Device, octet);
        }

        return station;
    }
}
