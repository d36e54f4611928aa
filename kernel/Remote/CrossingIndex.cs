using System.Runtime.CompilerServices;
using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>Finds a record by the core that has numbered it and the number there: an import by its home's, what was given on by its giver's. Lists of those with the same hash.</summary>
[NonCopyable]
public struct CrossingIndex
{
    private const uint HashesLeast = 16;

    private ObjectArray<uint> _hashes;

    /// <summary>Bytes of the index for so many ends of channels.</summary>
    public static ulong BytesFor(uint channels) => HashesFor(channels) * sizeof(uint);

    /// <summary>Gives the index its memory. Before, nothing is found.</summary>
    /// <param name="address">In the window; it need not be zeroed.</param>
    /// <param name="channels">Ends of channels that there may be.</param>
    public void Begin(ulong address, uint channels)
    {
        _hashes.Begin(address, HashesFor(channels));
        for (uint hash = 0; hash < _hashes.Count; hash++)
        {
            _hashes[hash] = 0;
        }
    }

    /// <summary>The record that a kernel calls by a number.</summary>
    /// <param name="table">All of them.</param>
    /// <param name="namer">That kernel.</param>
    /// <param name="homeNumber">From that kernel.</param>
    /// <param name="number">Its number here.</param>
    /// <returns>False when there is none.</returns>
    [MustUse]
    public bool TryFind(ref readonly CrossingTable table, uint namer, uint homeNumber, out uint number)
    {
        if (_hashes.Count != 0)
        {
            for (uint next = _hashes[Hash(namer, homeNumber)]; next != 0; next = table[next - 1].NextOfHash)
            {
                number = next - 1;
                if (table[number].Namer == namer && table[number].HomeNumber == homeNumber)
                {
                    return true;
                }
            }
        }

        number = 0;
        return false;
    }

    /// <summary>A record is found from now on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(ref readonly CrossingTable table, uint number)
    {
        ref CrossingEntry entry = ref table[number];
        uint hash = Hash(entry.Namer, entry.HomeNumber);
        entry.NextOfHash = _hashes[hash];
        _hashes[hash] = number + 1;
    }

    /// <summary>A record that was added is found no more.</summary>
    public void Remove(ref readonly CrossingTable table, uint number)
    {
        ref CrossingEntry entry = ref table[number];
        uint hash = Hash(entry.Namer, entry.HomeNumber);
        if (_hashes[hash] == number + 1)
        {
            _hashes[hash] = entry.NextOfHash;
            return;
        }

        uint before = _hashes[hash];
        while (table[before - 1].NextOfHash != number + 1)
        {
            before = table[before - 1].NextOfHash;
        }

        table[before - 1].NextOfHash = entry.NextOfHash;
    }

    // Numbers of a kernel are given from 0 on: their low bits spread them.
    private readonly uint Hash(uint namer, uint homeNumber) => (homeNumber + (namer * HashesLeast)) & (_hashes.Count - 1);

    private static uint HashesFor(uint channels)
    {
        uint hashes = HashesLeast;
        while (hashes < channels)
        {
            hashes *= 2;
        }

        return hashes;
    }
}
