namespace Atoll.TestVm.Isolation;

/// <summary>What an instance holds before its first instruction, read from memory that was dumped, with addresses and the machine's clock taken out.</summary>
/// <remarks>
/// The core waits for its start, or never comes: its block is built and nobody has run on it. An address of the block becomes a distance from its beginning, those of the
/// coordinator's link become the places at which the instance has them, and the clock's two numbers, which the console has told, become one mark. Any other word is as it lies there.
/// </remarks>
public sealed class FirstHoldings
{
    private const ulong PageBytes = 4096;
    private const ulong PagesOfBlock = 16;
    private const ulong StartParameters = 0x8F00, TablesOffset = 8, ApicIdOffset = 16;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
    private const ulong OwnTag = 0x0010_0000_0000_0000, PeerTag = 0x0020_0000_0000_0000, ClockTag = 0x0040_0000_0000_0000;

    // Entries of levels 4, 3 and 2 that lead to the peer region at 0xFFFFFFFF80400000 (docs/memory-map.md).
    private static readonly ulong[] s_toPeers = [511, 510, 2];

    private readonly ulong[] _words;

    private FirstHoldings(ulong[] words) => _words = words;

    /// <summary>Whether the start page names a core, and with it the tables that it will enter.</summary>
    public static bool AreThere(PhysicalMemory memory) =>
        (uint)memory.Word(StartParameters + ApicIdOffset) is not (0 or uint.MaxValue) && memory.Word(StartParameters + TablesOffset) != 0;

    /// <summary>Where the block begins: with its level 4 table.</summary>
    public static ulong BlockOf(PhysicalMemory memory) => memory.Word(StartParameters + TablesOffset);

    /// <summary>Reads what the core that is named on the start page will hold.</summary>
    /// <param name="memory">Memory from address 0.</param>
    /// <param name="clock">The clock's numbers, as <c>@clock</c> tells them.</param>
    public static FirstHoldings Read(PhysicalMemory memory, IReadOnlyCollection<ulong> clock)
    {
        ulong block = BlockOf(memory);
        ulong[] peers = PeersOf(memory, block);
        ulong[] words = new ulong[PagesOfBlock * PageBytes / sizeof(ulong)];
        for (int i = 0; i < words.Length; i++)
        {
            ulong word = memory.Word(block + ((ulong)i * sizeof(ulong)));
            words[i] = clock.Contains(word) ? ClockTag : WithoutAddress(word, block, peers);
        }

        return new FirstHoldings(words);
    }

    /// <summary>Bytes compared.</summary>
    public int Bytes => _words.Length * sizeof(ulong);

    /// <summary>Where they differ from others first, in words; null: nowhere.</summary>
    public string? DifferenceFrom(FirstHoldings other)
    {
        int at = Enumerable.Range(0, _words.Length).FirstOrDefault(word => _words[word] != other._words[word], -1);
        return at < 0 ? null : $"page {at * 8 / 4096} of the block, byte {at * 8 % 4096}: 0x{_words[at]:x} and 0x{other._words[at]:x}";
    }

    private static ulong[] PeersOf(PhysicalMemory memory, ulong table)
    {
        foreach (ulong index in s_toPeers)
        {
            table = memory.Word(table + (index * sizeof(ulong))) & AddressMask;
        }

        return [.. Enumerable.Range(0, 4).Select(slot => memory.Word(table + ((ulong)slot * sizeof(ulong))) & AddressMask)];
    }

    private static ulong WithoutAddress(ulong word, ulong block, ulong[] peers)
    {
        ulong page = word & AddressMask;
        ulong rest = word & ~AddressMask;
        if (page >= block && page < block + (PagesOfBlock * PageBytes))
        {
            return rest | OwnTag | (page - block);
        }

        int peer = page == 0 ? -1 : Array.IndexOf(peers, page);
        return peer < 0 ? word : rest | PeerTag | ((ulong)peer * PageBytes);
    }
}
