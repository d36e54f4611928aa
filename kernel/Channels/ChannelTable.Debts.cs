using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Channels;

/// <content>What is owed to others, as bits of the ends and a list of those that have some.</content>
public partial struct ChannelTable
{
    /// <summary>Whether anything is owed to anybody.</summary>
    public readonly bool OwesAnything => _owingCount != 0;

    /// <summary>Entries that a turn looks at in vain, as the ring or the link that they wait for is not there, before it goes on to something else.</summary>
    public const uint LooksInVainMax = 16;

    /// <summary>How many owe something.</summary>
    public readonly uint OwingCount => _owingCount;

    /// <summary>Takes the first of those that owe something: it is to be paid, and then <see cref="Settle"/>.</summary>
    /// <returns>Its number. There is one: <see cref="OwingCount"/>.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint TakeOwing()
    {
        uint number = _owing - 1;
        _owing = this[number].NextOwing;
        _owingCount--;
        return number;
    }

    /// <summary>Ends a look at an entry of the list: what was paid is struck out, and what is left is owed again, behind all others.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="paid">What was told.</param>
    /// <returns>1 for a look in vain, else 0.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint Settle(uint number, ChannelDebts paid)
    {
        ref ChannelEntry entry = ref this[number];
        entry.IsListed = false;
        entry.Owes &= ~paid;
        if ((paid & ChannelDebts.Ring) != 0)
        {
            entry.Untold = 0;
            entry.Voids = 0;
        }

        if (entry.Owes != ChannelDebts.None)
        {
            Enlist(number, ref entry);
        }

        if (entry.State == ChannelState.Leaving)
        {
            FreeIfSettled(number);
        }

        return paid == ChannelDebts.None ? 1u : 0;
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
        if (entry.IsListed)
        {
            return;
        }

        entry.IsListed = true;
        if (_owingCount++ == 0)
        {
            _owing = number + 1;
        }
        else
        {
            this[_lastOwing].NextOwing = (ushort)(number + 1);
        }

        _lastOwing = number;
    }

    // One that leaves. A listed one, and whatever owes something is, is freed when its turn comes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeIfSettled(uint number)
    {
        ref ChannelEntry entry = ref this[number];
        if (!entry.AwaitsMaker && !entry.IsListed)
        {
            entry = default;
            entry.NextOwing = _free;
            _free = (ushort)(number + 1);
        }
    }
}
