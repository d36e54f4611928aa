using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Channels;

/// <content>What is owed to others, as bits of the ends and a list of those that have some.</content>
public partial struct ChannelTable
{
    /// <summary>Whether anything is owed to anybody.</summary>
    public readonly bool OwesAnything => _owing != 0;

    /// <summary>Takes the list of those that owe something: each is to be paid, or listed again (<see cref="Settle"/>).</summary>
    /// <returns>One more than the number of the first; 0: nobody owes.</returns>
    public uint TakeOwing()
    {
        uint first = _owing;
        _owing = 0;
        return first;
    }

    /// <summary>Ends a look at an entry of the list: what was paid is struck out, and what is left is owed again.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="paid">What was told.</param>
    /// <returns>One more than the number of the next entry of the list; 0: it was the last.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint Settle(uint number, ChannelDebts paid)
    {
        ref ChannelEntry entry = ref this[number];
        uint next = entry.NextOwing;
        entry.IsListed = false;
        entry.NextOwing = 0;
        entry.Owes &= ~paid;
        if ((paid & ChannelDebts.Ring) != 0)
        {
            entry.Untold = 0;
        }

        if (entry.Owes != ChannelDebts.None)
        {
            Enlist(number, ref entry);
        }

        FreeIfSettled(number);
        return next;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Owe(uint number, ChannelDebts debt)
    {
        ref ChannelEntry entry = ref this[number];
        entry.Owes |= debt;
        Enlist(number, ref entry);
    }

    private void Enlist(uint number, ref ChannelEntry entry)
    {
        if (!entry.IsListed)
        {
            entry.IsListed = true;
            entry.NextOwing = _owing;
            _owing = number + 1;
        }
    }

    // A listed one is freed when its turn comes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeIfSettled(uint number)
    {
        ref ChannelEntry entry = ref this[number];
        if (entry.State == ChannelState.Leaving && entry.Owes == ChannelDebts.None && !entry.AwaitsMaker && !entry.IsListed)
        {
            entry = default;
        }
    }
}
