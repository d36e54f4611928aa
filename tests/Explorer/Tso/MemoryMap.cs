using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Ipc;

namespace Atoll.Explorer.Tso;

/// <summary>The memory that cores share in a scenario: rings and single words, each on its own cache lines.</summary>
/// <remarks>
/// Real memory gives the product's code real addresses, prepared rings, and what a scenario does before its machine is made;
/// it is never written after that. The values
/// that cores see live in the machine, one 8-byte word for each word that may be touched. A constant is loaded and never
/// stored, so that loading it is no access of the model. Any other address ends the run.
/// </remarks>
public sealed unsafe class MemoryMap : IDisposable
{
    private const int SizeBytes = 16 * 1024;
    private const int LineBytes = 64;
    private const ushort Unmodelled = ushort.MaxValue;

    private readonly byte* _base = (byte*)NativeMemory.AlignedAlloc(SizeBytes, LineBytes);
    private readonly ushort[] _wordOfOffset = new ushort[SizeBytes / sizeof(ulong)];
    private readonly List<string> _names = [];
    private readonly List<nint> _addresses = [];
    private readonly List<int> _ringOfHeader = [];
    private readonly HashSet<int> _wakes = [];
    private readonly HashSet<nint> _constants = [];
    private readonly int[] _payloadWords;
    private int _used;

    /// <summary>Empty memory. Payload words that are not listed are neither stored nor loaded.</summary>
    public MemoryMap(int[] payloadWords)
    {
        _payloadWords = payloadWords;
        NativeMemory.Clear(_base, SizeBytes);
        Array.Fill(_wordOfOffset, Unmodelled);
    }

    /// <summary>Modelled words.</summary>
    public int WordCount => _names.Count;

    /// <summary>Adds a prepared ring: header and modelled payload words of each slot.</summary>
    public RingSlot* AddRing(int ring, uint slotCount)
    {
        RingSlot* slots = AddQuietRing(slotCount);
        for (int slot = 0; slot < slotCount; slot++)
        {
            foreach (int word in _payloadWords)
            {
                Model((ulong*)&slots[slot].Payload + word, $"ring{ring}[{slot}].word{word}", ringOfHeader: -1);
            }

            Model(&slots[slot].Header, $"ring{ring}[{slot}].header", ring);
        }

        return slots;
    }

    /// <summary>Adds a prepared ring that nobody uses while the machine runs: whoever does ends the run.</summary>
    public RingSlot* AddQuietRing(uint slotCount)
    {
        RingSlot* slots = (RingSlot*)Take((int)slotCount * RingSlot.SizeBytes);
        RingMemory.Prepare(slots, slotCount);
        return slots;
    }

    /// <summary>Adds one word, alone on its line.</summary>
    public ulong* AddWord(string name, ulong value = 0)
    {
        ulong* word = (ulong*)Take(LineBytes);
        *word = value;
        Model(word, name, ringOfHeader: -1);
        return word;
    }

    /// <summary>Adds a wake word: who stores an odd value to it announces a sleep.</summary>
    public ulong* AddWake(string name)
    {
        _wakes.Add(_names.Count);
        return AddWord(name);
    }

    /// <summary>Adds a word that nobody stores to.</summary>
    public ulong* AddConstant(ulong value)
    {
        ulong* word = (ulong*)Take(LineBytes);
        *word = value;
        _constants.Add((nint)word);
        return word;
    }

    /// <summary>Whether an address is that of a constant.</summary>
    public bool IsConstant(void* address) => _constants.Contains((nint)address);

    /// <summary>Whether a word is a wake word.</summary>
    public bool IsWake(int word) => _wakes.Contains(word);

    /// <summary>The modelled word that holds an address.</summary>
    public ushort WordAt(void* address)
    {
        long offset = (byte*)address - _base;
        ushort word = offset is >= 0 and < SizeBytes ? _wordOfOffset[offset / sizeof(ulong)] : Unmodelled;
        return word != Unmodelled
            ? word
            : throw new InvalidOperationException($"access outside the model at offset {offset}");
    }

    /// <summary>A word's value before anything runs.</summary>
    public ulong InitialValue(int word) => *(ulong*)_addresses[word];

    /// <summary>What a trace calls a word.</summary>
    public string Name(int word) => _names[word];

    /// <summary>The ring whose slot header this word is, or -1.</summary>
    public int RingOfHeader(int word) => _ringOfHeader[word];

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(_base);

    private byte* Take(int bytes)
    {
        byte* taken = _base + _used;
        _used += bytes;
        return _used <= SizeBytes
            ? taken
            : throw new InvalidOperationException("the scenario is larger than its memory");
    }

    private void Model(ulong* address, string name, int ringOfHeader)
    {
        _wordOfOffset[((byte*)address - _base) / sizeof(ulong)] = (ushort)_names.Count;
        _names.Add(name);
        _addresses.Add((nint)address);
        _ringOfHeader.Add(ringOfHeader);
    }
}
