namespace Atoll.Cap;

/// <summary>How much more one system call may do. Bounds the time in which no interrupt is answered.</summary>
internal struct WorkBudget
{
    // An empty slot is looked at in about a tenth of what it takes to delete a capability.
    private const uint SlotCost = 8;
    private const uint LookCost = 1;

    private uint _left;

    /// <summary>Begins.</summary>
    /// <param name="slots">Slots that may be emptied.</param>
    internal WorkBudget(uint slots) => _left = slots * SlotCost;

    /// <summary>Takes a step that may empty a slot. There is always a first one, so every call makes progress.</summary>
    internal bool TrySpendOnSlot() => TrySpend(SlotCost);

    /// <summary>Takes a step that looks at a slot.</summary>
    internal bool TrySpendOnLook() => TrySpend(LookCost);

    /// <summary>The look at a slot found something to do, which is done now in any case.</summary>
    internal void SpendOnSlot() => _left -= _left < SlotCost ? _left : SlotCost;

    private bool TrySpend(uint cost)
    {
        if (_left < cost)
        {
            return false;
        }

        _left -= cost;
        return true;
    }
}
