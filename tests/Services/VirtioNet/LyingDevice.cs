using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>A device at the other end of a queue, as Virtual I/O Device (VIRTIO) Version 1.2, "Split Virtqueues", describes it: honest, until the test writes into the page.</summary>
internal sealed class LyingDevice
{
    /// <summary>Physical address of the page, as the driver tells it.</summary>
    public const ulong PageAddress = 0x12_3000;

    private readonly int _size;
    private ushort _seen;
    private ushort _used;

    public LyingDevice(int size, bool isWritten, bool hasEvents = true)
    {
        _size = size;
        Queue.Begin(Page, PageAddress, size, isWritten, capacity: 1514, hasEvents);
    }

    public uint[] Page { get; } = new uint[1024];

    public Virtqueue Queue;

    /// <summary>Index of what is available.</summary>
    public ushort Available => (ushort)(Page[512] >> 16);

    /// <summary>Whether there is a buffer that the device has not looked at.</summary>
    public bool HasMore => _seen != Available;

    /// <summary>Takes the next buffer that is available: both its descriptors.</summary>
    public (uint Head, ulong Header, ulong Address, uint Bytes, bool IsWritten) Next()
    {
        int entry = _seen++ & (_size - 1);
        uint head = (Page[513 + (entry / 2)] >> (16 * (entry & 1))) & 0xFFFF;
        int at = (int)head * 4;
        Assert.Equal(12u, Page[at + 2]);
        Assert.Equal(1u, Page[at + 3] & 1);
        int next = (int)(Page[at + 3] >> 16) * 4;
        Assert.Equal(0u, Page[next + 3] & 1);
        Assert.Equal(Page[at + 3] & 2, Page[next + 3] & 2);
        return (head, Page[at] | ((ulong)Page[at + 1] << 32), Page[next] | ((ulong)Page[next + 1] << 32), Page[next + 2], (Page[next + 3] & 2) != 0);
    }

    /// <summary>Says that a buffer was used.</summary>
    public void Use(uint head, uint bytes)
    {
        int entry = 641 + (2 * (_used & (_size - 1)));
        Page[entry] = head;
        Page[entry + 1] = bytes;
        SetUsed(++_used);
    }

    /// <summary>Says an index of what was used.</summary>
    public void SetUsed(ushort index) => Page[640] = (uint)index << 16;

    /// <summary>At which index the driver wants an interrupt.</summary>
    public ushort InterruptAt => (ushort)Page[513 + (_size / 2)];

    /// <summary>At which index the device wants to be notified.</summary>
    public void NotifyAt(ushort index) => Page[641 + (2 * _size)] = index;
}
