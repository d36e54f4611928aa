using Atoll.Abi;
using Atoll.Instance;
using Atoll.Mm;

namespace Atoll.Kernel.Tests.Multikernel.Separation;

/// <summary>What an instance holds at its first instruction, with addresses, its own number and the machine's clock taken out.</summary>
/// <remarks>
/// An address of the block becomes a distance from its beginning; the two rings and the two pages of the coordinator become the names of their places. Nothing else
/// is changed: any other word that differs between two machines differs here.
/// </remarks>
internal static unsafe class Holdings
{
    private const int WordsPerPage = 512;
    private const ulong Tag = 0x00F0_0000_0000_0000;
    private const ulong OwnTag = 0x0010_0000_0000_0000;

    /// <summary>Reads them.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="plan">The instance's block, built; no core has entered it yet.</param>
    public static ulong[] Of(SimulatedMultikernel machine, InstancePlan plan)
    {
        ulong[] words = new ulong[plan.PageCount * WordsPerPage];
        for (uint page = 0; page < plan.PageCount; page++)
        {
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(machine.Memory(plan.Base + (page * ImageLayout.PageSizeBytes)))
                .CopyTo(words.AsSpan((int)page * WordsPerPage));
        }

        LeaveOutNumbers(words.AsSpan(PageIndex(plan, PageKind.State) * WordsPerPage, WordsPerPage));
        ulong[] others = [.. words.AsSpan(PageIndex(plan, PageKind.PeerTable) * WordsPerPage, (int)PeerMap.PagesPerLink)];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = WithoutAddress(words[i], plan, others);
        }

        return words;
    }

    /// <summary>Where two holdings differ first.</summary>
    /// <returns>null: nowhere.</returns>
    public static string? Difference(ulong[] left, ulong[] right)
    {
        if (left.Length != right.Length)
        {
            return $"{left.Length / WordsPerPage} pages and {right.Length / WordsPerPage}";
        }

        int at = Enumerable.Range(0, left.Length).FirstOrDefault(word => left[word] != right[word], -1);
        return at < 0 ? null : $"page {at / WordsPerPage}, byte {at % WordsPerPage * sizeof(ulong)}: 0x{left[at]:x} and 0x{right[at]:x}";
    }

    private static int PageIndex(InstancePlan plan, PageKind kind) => (int)((plan.AddressOf(kind) - plan.Base) / ImageLayout.PageSizeBytes);

    // Who it is, and how fast the machine's counters run as it was measured: not a matter of how many there are.
    private static void LeaveOutNumbers(Span<ulong> page)
    {
        fixed (ulong* words = page)
        {
            InstanceState* state = (InstanceState*)words;
            state->Core = 0;
            state->ApicId = 0;
            state->Clock = default;
        }
    }

    private static ulong WithoutAddress(ulong word, InstancePlan plan, ulong[] others)
    {
        ulong page = word & PageTableEntry.AddressMask;
        ulong rest = word & ~PageTableEntry.AddressMask;
        int other = Array.FindIndex(others, entry => (entry & PageTableEntry.AddressMask) == page);
        if (page != 0 && other >= 0)
        {
            return rest | Tag | ((ulong)other * ImageLayout.PageSizeBytes);
        }

        bool isOwn = page >= plan.Base && page < plan.Base + (plan.PageCount * ImageLayout.PageSizeBytes);
        return isOwn ? rest | OwnTag | (page - plan.Base) : word;
    }
}
