using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace Atoll.Services.VirtioNet;

/// <summary>A queue of buffers for a device. Everything that the driver must know it keeps here; of the page it reads only what the device has to say, once.</summary>
/// <remarks>
/// Each buffer is two descriptors, header and frame, at a place of its own, so nothing of the page says what is free. Source: Virtual I/O Device (VIRTIO) Version
/// 1.2, "Split Virtqueues", "Available Buffer Notifications", "Used Buffer Notifications". The fences are those of these sections: between an index that is
/// written and an event that is read.
/// </remarks>
public struct Virtqueue
{
    /// <summary>Most buffers that the device can have at once.</summary>
    public const int BuffersMax = QueueLayout.DescriptorsMax / DescriptorsEach;

    private const int DescriptorsEach = 2;
    private const uint IsGiven = 1u << 31;

    private Given _given;
    private bool _isWritten;
    private bool _hasEvents;
    private ushort _size;
    private uint _capacity;
    private ushort _free;
    private ushort _available;
    private ushort _published;
    private ushort _used;

    /// <summary>Buffers that the device has.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the device can be given another.</summary>
    public readonly bool HasRoom => Room > 0;

    /// <summary>How many more it can be given.</summary>
    public readonly int Room => Capacity - Count;

    /// <summary>Buffers that it can have at once.</summary>
    public readonly int Capacity => _size / DescriptorsEach;

    /// <summary>Begins with an empty queue. The device does not know the page yet, or was reset.</summary>
    /// <param name="page">The queue's page.</param>
    /// <param name="pageAddress">Its physical address.</param>
    /// <param name="size">Descriptors: a power of two, 2 to 128.</param>
    /// <param name="isWritten">Whether the device writes the buffers; else it reads them.</param>
    /// <param name="capacity">Bytes of each buffer.</param>
    /// <param name="hasEvents">Whether both sides say at which index they want to be told.</param>
    public void Begin(Span<uint> page, ulong pageAddress, int size, bool isWritten, uint capacity, bool hasEvents)
    {
        this = default;
        _size = (ushort)size;
        _isWritten = isWritten;
        _capacity = capacity;
        _hasEvents = hasEvents;
        for (int word = 0; word < page.Length; word++)
        {
            page[word] = 0;
        }

        ulong header = pageAddress + (QueueLayout.Header * QueueLayout.WordBytes);
        uint flags = isWritten ? QueueLayout.DeviceWrites : 0;
        for (int head = 0; head < size; head += DescriptorsEach)
        {
            WriteDescriptor(page, head, header, QueueLayout.HeaderBytes, flags | QueueLayout.HasNext | ((uint)(head + 1) << QueueLayout.HalfShift));
        }
    }

    /// <summary>Gives a buffer to the device. It does not know before <see cref="Publish"/>.</summary>
    /// <param name="page">The queue's page.</param>
    /// <param name="address">Physical address of the buffer.</param>
    /// <param name="bytes">How many of its bytes, at most the capacity.</param>
    /// <param name="buffer">Its number.</param>
    /// <returns>False: the queue is full.</returns>
    public bool TryGive(Span<uint> page, ulong address, uint bytes, uint buffer)
    {
        if (!HasRoom)
        {
            return false;
        }

        int place = FindFree();
        _given[place] = IsGiven | buffer;
        Count++;
        WriteDescriptor(page, (place * DescriptorsEach) + 1, address, bytes, _isWritten ? QueueLayout.DeviceWrites : 0);
        WriteAvailable(page, _available & (_size - 1), (uint)(place * DescriptorsEach));
        _available++;
        return true;
    }

    /// <summary>Tells the device of all that it was given.</summary>
    /// <returns>Whether it wants to be notified.</returns>
    public bool Publish(Span<uint> page)
    {
        if (_published == _available)
        {
            return false;
        }

        // x86 keeps stores in order: descriptors are there before the index that names them.
        ushort before = _published;
        _published = _available;
        WriteHead(page, QueueLayout.NoInterrupt);
        Sse2.MemoryFence();
        if (!_hasEvents)
        {
            return (Volatile.Read(ref page[QueueLayout.Used]) & QueueLayout.NoNotify) == 0;
        }

        ushort wanted = (ushort)Volatile.Read(ref page[QueueLayout.UsedEntries + (QueueLayout.UsedEntryWords * _size)]);
        return (ushort)(_published - wanted - 1) < (ushort)(_published - before);
    }

    /// <summary>Takes a buffer back that the device has used.</summary>
    /// <param name="page">The queue's page.</param>
    /// <param name="buffer">Number of the buffer.</param>
    /// <param name="bytes">Bytes of the frame that the device has written.</param>
    public QueueTake TryTake(Span<uint> page, out uint buffer, out int bytes)
    {
        buffer = 0;
        bytes = 0;
        ushort index = (ushort)(Volatile.Read(ref page[QueueLayout.Used]) >> QueueLayout.HalfShift);
        int waiting = (ushort)(index - _used);
        if (waiting == 0)
        {
            return QueueTake.None;
        }

        if (waiting > Count)
        {
            return QueueTake.IndexTooFar;
        }

        int entry = QueueLayout.UsedEntries + (QueueLayout.UsedEntryWords * (_used & (_size - 1)));
        uint head = Volatile.Read(ref page[entry]);
        uint written = Volatile.Read(ref page[entry + 1]);
        return Check(head, written, out buffer, out bytes);
    }

    /// <summary>Takes a buffer back from a device that was reset.</summary>
    /// <returns>False: it has none.</returns>
    public bool TryRecall(out uint buffer)
    {
        for (int place = 0; place < _size / DescriptorsEach; place++)
        {
            if ((_given[place] & IsGiven) != 0)
            {
                buffer = _given[place] & ~IsGiven;
                _given[place] = 0;
                Count--;
                return true;
            }
        }

        buffer = 0;
        return false;
    }

    /// <summary>Wants an interrupt for the next buffer that is used.</summary>
    /// <returns>False: one has been used meanwhile, and no interrupt may come for it.</returns>
    public readonly bool TryArm(Span<uint> page)
    {
        if (_hasEvents)
        {
            Volatile.Write(ref page[QueueLayout.AvailableEntries + (_size / 2)], _used);
        }
        else
        {
            WriteHead(page, flags: 0);
        }

        Sse2.MemoryFence();
        return (ushort)(Volatile.Read(ref page[QueueLayout.Used]) >> QueueLayout.HalfShift) == _used;
    }

    private QueueTake Check(uint head, uint written, out uint buffer, out int bytes)
    {
        buffer = 0;
        bytes = 0;
        if (head >= (uint)_size || head % DescriptorsEach != 0)
        {
            return QueueTake.NumberOutOfRange;
        }

        int place = (int)head / DescriptorsEach;
        if ((_given[place] & IsGiven) == 0)
        {
            return QueueTake.NotGiven;
        }

        if (_isWritten && written - QueueLayout.HeaderBytes > _capacity)
        {
            return QueueTake.LengthInvalid;
        }

        buffer = _given[place] & ~IsGiven;
        bytes = _isWritten ? (int)(written - QueueLayout.HeaderBytes) : 0;
        _given[place] = 0;
        _used++;
        Count--;
        return QueueTake.Taken;
    }

    // There is one: the caller has looked.
    private int FindFree()
    {
        int places = _size / DescriptorsEach;
        for (int looked = 0; looked < places; looked++)
        {
            _free = (ushort)(_free + 1 < places ? _free + 1 : 0);
            if (_given[_free] == 0)
            {
                break;
            }
        }

        return _free;
    }

    private static void WriteDescriptor(Span<uint> page, int index, ulong address, uint bytes, uint flags)
    {
        int at = index * QueueLayout.DescriptorWords;
        page[at] = (uint)address;
        page[at + 1] = (uint)(address >> 32);
        page[at + 2] = bytes;
        page[at + 3] = flags;
    }

    private static void WriteAvailable(Span<uint> page, int index, uint head)
    {
        // Two entries to a word; the device reads this one only after the index was written.
        int shift = (index & 1) * QueueLayout.HalfShift;
        ref uint word = ref page[QueueLayout.AvailableEntries + (index / 2)];
        word = (word & ~(0xFFFFu << shift)) | (head << shift);
    }

    // With events nobody looks at the flags.
    private readonly void WriteHead(Span<uint> page, uint flags) =>
        Volatile.Write(ref page[QueueLayout.Available], ((uint)_published << QueueLayout.HalfShift) | (_hasEvents ? 0 : flags));

    [InlineArray(BuffersMax)]
    private struct Given
    {
        private uint _buffer0;
    }
}
