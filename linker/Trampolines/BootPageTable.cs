using Atoll.Abi;
using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>One or more consecutive paging structures of the boot tables.</summary>
/// <param name="name">Symbol.</param>
/// <param name="tableCount">Consecutive tables of 512 entries.</param>
/// <param name="references">Symbols whose addresses the entries hold.</param>
/// <param name="entryOf">Entry by index, counted through all the tables.</param>
public sealed class BootPageTable(
    string name, int tableCount, string[] references, Func<int, IFragmentContext, ulong> entryOf)
    : DataFragment(name, FragmentPlace.BootReadOnly, tableCount * TableBytes, TableBytes, references)
{
    private const int TableBytes = (int)ImageLayout.PageSizeBytes;

    /// <inheritdoc/>
    protected override void Fill(Span<byte> bytes, IFragmentContext context)
    {
        for (int index = 0; index < tableCount * PageTableEntry.Count; index++)
        {
            WriteEntry(bytes, index, entryOf(index, context));
        }
    }
}
