using Atoll.Linker.Binary;

namespace Atoll.Linker.Passes;

/// <summary>An object's address ranges of units, with the addresses of the image.</summary>
/// <remarks>
/// A list grows where a range has become two, so what refers to lists has to ask where they are. An entry is two words; a list ends with two zeros.
/// Source: DWARF 4, 2.17.3 "Non-Contiguous Address Ranges".
/// </remarks>
public sealed class RangeLists
{
    private const uint EntryBytes = 2 * sizeof(ulong);
    private const ulong Dropped = 1;

    private readonly ByteBuilder _bytes = new();
    private readonly uint[] _places;

    /// <summary>Makes the lists of an object.</summary>
    /// <param name="content">Its <c>.debug_ranges</c>; what is no range is as it is to be.</param>
    /// <param name="ranges">What has become of the ranges, by offset.</param>
    public RangeLists(ReadOnlySpan<byte> content, IReadOnlyDictionary<ulong, IReadOnlyList<(ulong From, ulong To)>> ranges)
    {
        _places = new uint[(content.Length / (int)EntryBytes) + 1];
        for (int entry = 0; entry < _places.Length - 1; entry++)
        {
            _places[entry] = (uint)_bytes.Length;
            int offset = entry * (int)EntryBytes;
            if (ranges.TryGetValue((ulong)offset, out IReadOnlyList<(ulong From, ulong To)>? become))
            {
                Add(become);
            }
            else
            {
                _bytes.Bytes(content.Slice(offset, (int)EntryBytes).ToArray());
            }
        }

        _places[^1] = (uint)_bytes.Length;
    }

    /// <summary>The lists.</summary>
    public byte[] Bytes => _bytes.ToArray();

    /// <summary>Bytes of all lists.</summary>
    public int SizeBytes => _bytes.Length;

    /// <summary>Where an entry is that was at an offset; null when none was.</summary>
    public uint? PlaceOf(ulong offset) =>
        offset % EntryBytes == 0 && offset / EntryBytes < (ulong)_places.Length ? _places[offset / EntryBytes] : null;

    // A pair of zeros would end the list, so what describes dropped code gets ones.
    private void Add(IReadOnlyList<(ulong From, ulong To)> ranges)
    {
        foreach ((ulong from, ulong to) in ranges.DefaultIfEmpty((Dropped, Dropped)))
        {
            _bytes.U64(from).U64(to);
        }
    }
}
