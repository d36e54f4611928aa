namespace Atoll.Explorer.Tso;

/// <summary>A store that its core has executed and memory does not show yet.</summary>
/// <param name="Word">Which word of the modelled memory.</param>
/// <param name="Mask">Which bits of it: a 4-byte store has half of them.</param>
/// <param name="Value">The bits, in place.</param>
public readonly record struct BufferedStore(ushort Word, ulong Mask, ulong Value);

/// <summary>A core's FIFO store buffer.</summary>
/// <remarks>
/// Source: Sewell et al., "x86-TSO: A Rigorous and Usable Programmer's Model", CACM 53(7), 2010, section 3.2.
/// </remarks>
public sealed class StoreBuffer
{
    private readonly List<BufferedStore> _stores = [];

    /// <summary>Stores in it.</summary>
    public int Count => _stores.Count;

    /// <summary>The stores, oldest first.</summary>
    public IReadOnlyList<BufferedStore> Stores => _stores;

    /// <summary>Takes a store behind all that are there.</summary>
    public void Push(BufferedStore store) => _stores.Add(store);

    /// <summary>Removes and returns the oldest store.</summary>
    public BufferedStore Pop()
    {
        BufferedStore oldest = _stores[0];
        _stores.RemoveAt(0);
        return oldest;
    }

    /// <summary>What this core sees in a word: memory under its own stores, the newest on top.</summary>
    public ulong Forward(ushort word, ulong memory)
    {
        foreach (BufferedStore store in _stores)
        {
            if (store.Word == word)
            {
                memory = (memory & ~store.Mask) | store.Value;
            }
        }

        return memory;
    }

    /// <summary>Writes the canonical form.</summary>
    public void Save(StateWriter writer)
    {
        writer.Byte((byte)_stores.Count);
        foreach (BufferedStore store in _stores)
        {
            writer.Short(store.Word);
            writer.Word(store.Mask);
            writer.Word(store.Value);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(ref StateReader reader)
    {
        _stores.Clear();
        for (int left = reader.Byte(); left > 0; left--)
        {
            _stores.Add(new BufferedStore(reader.Short(), reader.Word(), reader.Word()));
        }
    }
}
