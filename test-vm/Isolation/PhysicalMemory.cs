using System.Buffers.Binary;

namespace Atoll.TestVm.Isolation;

/// <summary>A guest's physical memory from address 0, as dumped, with words changed on top.</summary>
public sealed class PhysicalMemory
{
    private readonly byte[] _bytes;
    private readonly Dictionary<ulong, ulong> _changes;

    /// <summary>Takes a dump that begins at physical address 0.</summary>
    public PhysicalMemory(byte[] bytes)
        : this(bytes, [])
    {
    }

    private PhysicalMemory(byte[] bytes, Dictionary<ulong, ulong> changes)
    {
        _bytes = bytes;
        _changes = changes;
    }

    /// <summary>Bytes of memory.</summary>
    public ulong SizeBytes => (ulong)_bytes.Length;

    /// <summary>Whether a page of memory is all there.</summary>
    public bool HasPage(ulong address) => address <= SizeBytes - ulong.Min(SizeBytes, 4096) && SizeBytes >= 4096;

    /// <summary>Reads an aligned word that is inside memory.</summary>
    public ulong Word(ulong address) =>
        _changes.TryGetValue(address, out ulong changed)
            ? changed
            : BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((int)address, 8));

    /// <summary>The same memory with some words changed. This one stays as it is.</summary>
    public PhysicalMemory With(IEnumerable<KeyValuePair<ulong, ulong>> changes)
    {
        var all = new Dictionary<ulong, ulong>(_changes);
        foreach ((ulong address, ulong word) in changes)
        {
            all[address] = word;
        }

        return new PhysicalMemory(_bytes, all);
    }
}
