using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>Registers of a virtio device: those of the common structure by their offsets (VIRTIO 1.2, "Common configuration structure layout").</summary>
internal sealed class FakeRegisters
{
    public ulong Offered { get; set; } = (1UL << 5) | (1UL << 29) | (1UL << 32) | (1UL << 15) | (1UL << 24);

    public ulong Taken { get; private set; }

    public bool RefusesFeatures { get; set; }

    public bool NeverResets { get; set; }

    public ushort QueueCount { get; set; } = 3;

    public ushort QueueSize { get; set; } = 256;

    public bool RefusesVectors { get; set; }

    public List<byte> Statuses { get; } = [];

    public Dictionary<(ushort Queue, uint Register), uint> Queues { get; } = [];

    public List<(uint Offset, ushort Queue)> Notified { get; } = [];

    public byte Status { get; set; } = 15;

    private uint _deviceHalf;
    private uint _driverHalf;
    private ushort _queue;

    public byte Read8(VirtioStructure structure, uint offset) => structure == VirtioStructure.Device
        ? (byte)(0x52 + offset)
        : offset == 0x14 ? (byte)(Status & (RefusesFeatures ? ~8 : 0xFF)) : throw new InvalidOperationException($"a byte at {offset:x}");

    public ushort Read16(uint offset) => offset switch
    {
        0x12 => QueueCount,
        0x18 => QueueSize,
        0x1A => RefusesVectors ? (ushort)0xFFFF : (ushort)Queues.GetValueOrDefault((_queue, offset)),
        0x1E => (ushort)(_queue * 3),
        _ => throw new InvalidOperationException($"two bytes at {offset:x}"),
    };

    public uint Read32(uint offset) =>
        offset == 4 ? (uint)(Offered >> (int)(32 * _deviceHalf)) : throw new InvalidOperationException($"four bytes at {offset:x}");

    public void Write8(byte value)
    {
        Statuses.Add(value);
        Status = value == 0 && NeverResets ? Status : value;
    }

    public void Write16(VirtioStructure structure, uint offset, ushort value)
    {
        if (structure == VirtioStructure.Notify)
        {
            Notified.Add((offset, value));
            return;
        }

        _queue = offset == 0x16 ? value : _queue;
        Queues[(_queue, offset)] = value;
    }

    public void Write32(uint offset, uint value)
    {
        switch (offset)
        {
            case 0x00:
                _deviceHalf = value;
                break;
            case 0x08:
                _driverHalf = value;
                break;
            case 0x0C:
                Taken |= (ulong)value << (int)(32 * _driverHalf);
                break;
            default:
                Queues[(_queue, offset)] = value;
                break;
        }
    }
}

/// <summary>As the driver sees them.</summary>
internal readonly struct RegistersOfTest(FakeRegisters device) : IVirtioRegisters
{
    public uint NotifyMultiplier => 4;

    public byte Read8(VirtioStructure structure, uint offset) => device.Read8(structure, offset);

    public ushort Read16(VirtioStructure structure, uint offset) => device.Read16(offset);

    public uint Read32(VirtioStructure structure, uint offset) => device.Read32(offset);

    public void Write8(VirtioStructure structure, uint offset, byte value) => device.Write8(value);

    public void Write16(VirtioStructure structure, uint offset, ushort value) => device.Write16(structure, offset, value);

    public void Write32(VirtioStructure structure, uint offset, uint value) => device.Write32(offset, value);
}
