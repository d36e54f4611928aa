using Atoll.Cap;

namespace Atoll.Remote;

/// <summary>Finds an import by its home and the number that the home calls it by: lists of those with the same hash.</summary>
[NonCopyable]
public struct ImportIndex
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

    /// <summary>The import that a home calls by a number.</summary>
    /// <param name="imports">All of them.</param>
    /// <param name="home">From that kernel.</param>
    /// <param name="homeNumber">From that kernel.</param>
    /// <param name="number">Its number here.</param>
    /// <returns>False when there is none.</returns>
    [MustUse]
    public bool TryFind(ref readonly CrossingTable imports, uint home, uint homeNumber, out uint number)
    {
        if (_hashes.Count != 0)
        {
            for (uint next = _hashes[Hash(home, homeNumber)]; next != 0; next = imports[next - 1].NextOfHash)
            {
                number = next - 1;
                if (imports[number].Peer == home && imports[number].HomeNumber == homeNumber)
                {
                    return true;
                }
            }
        }

        number = 0;
        return false;
    }

    /// <summary>An import is found from now on.</summary>
    public void Add(ref readonly CrossingTable imports, uint number)
    {
        ref CrossingEntry entry = ref imports[number];
        uint hash = Hash(entry.Peer, entry.HomeNumber);
        entry.NextOfHash = _hashes[hash];
        _hashes[hash] = number + 1;
    }

    /// <summary>An import that was added is found no more.</summary>
    public void Remove(ref readonly CrossingTable imports, uint number)
    {
        ref CrossingEntry entry = ref imports[number];
        uint hash = Hash(entry.Peer, entry.HomeNumber);
        if (_hashes[hash] == number + 1)
        {
            _hashes[hash] = entry.NextOfHash;
            return;
        }

        uint before = _hashes[hash];
        while (imports[before - 1].NextOfHash != number + 1)
        {
            before = imports[before - 1].NextOfHash;
        }

        imports[before - 1].NextOfHash = entry.NextOfHash;
    }

    // Numbers of a home are given from 0 on: its low bits spread them.
    private readonly uint Hash(uint home, uint homeNumber) => (homeNumber + (home * HashesLeast)) & (_hashes.Count - 1);

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
