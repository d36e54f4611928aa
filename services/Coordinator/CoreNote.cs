using Atoll.Services.Protocols;

namespace Atoll.Services.Coordinator;

/// <summary>All that the coordinator must not forget about a core: 16 bytes that the kernel keeps with the core.</summary>
/// <remarks>
/// The coordinator writes them in the same call as the step that follows, so that no moment lies between the two at which it could die. A life of the coordinator that
/// finds notes of another version knows nothing of what was ordered, and begins anew.
/// </remarks>
public struct CoreNote
{
    private const ulong Version = 1;

    // Bits of the first word, from the lowest on: version 4, order 3, outcome 3, begun 1, taken 10, number 16, until 27.
    private const int OrderShift = 4;
    private const int OutcomeShift = 7;
    private const int BegunShift = 10;
    private const int TakenShift = 11;
    private const int NumberShift = 21;
    private const int UntilShift = 37;
    private const int HalfShift = 32;
    private const ulong VersionMask = 0xF;
    private const ulong ChoiceMask = 7;
    private const ulong TakenMask = 0x3FF;
    private const ulong NumberMask = 0xFFFF;
    private const uint UntilMask = (1u << (64 - UntilShift)) - 1;

    /// <summary>What was ordered last.</summary>
    public CoreOrder Order;

    /// <summary>How that ended.</summary>
    public OrderOutcome Outcome;

    /// <summary>Whether the core's next instance is the one that the order asks for: its start was ordered.</summary>
    public bool HasBegun;

    /// <summary>Restarts that the policy took in the window.</summary>
    public uint Taken;

    /// <summary>Number of the order, from 1; after 65535 comes 1.</summary>
    public uint Number;

    /// <summary>Second since the machine was started at which nobody waits for the order any more.</summary>
    public uint Until;

    /// <summary>Second since the machine was started at which the window ends.</summary>
    public uint WindowEnd;

    /// <summary>Number of the change of the core's state that was judged last; its low half.</summary>
    public uint Judged;

    /// <summary>Whether an order has not ended.</summary>
    public readonly bool IsUnderWay => Outcome == OrderOutcome.UnderWay;

    /// <summary>First word.</summary>
    public readonly ulong Word0 => Version | ((ulong)Order << OrderShift) | ((ulong)Outcome << OutcomeShift) | ((HasBegun ? 1UL : 0) << BegunShift)
        | ((Taken & TakenMask) << TakenShift) | ((Number & NumberMask) << NumberShift) | ((ulong)(Until & UntilMask) << UntilShift);

    /// <summary>Second word.</summary>
    public readonly ulong Word1 => WindowEnd | ((ulong)Judged << HalfShift);

    /// <summary>Reads a note. What no coordinator of this version has written says nothing.</summary>
    public static CoreNote Of(ulong word0, ulong word1)
    {
        CoreOrder order = (CoreOrder)((word0 >> OrderShift) & ChoiceMask);
        OrderOutcome outcome = (OrderOutcome)((word0 >> OutcomeShift) & ChoiceMask);
        if ((word0 & VersionMask) != Version || order > CoreOrder.Hang || outcome > OrderOutcome.Late
            || (outcome == OrderOutcome.None) != (order == CoreOrder.None))
        {
            return default;
        }

        return new CoreNote
        {
            Order = order,
            Outcome = outcome,
            HasBegun = ((word0 >> BegunShift) & 1) != 0,
            Taken = (uint)((word0 >> TakenShift) & TakenMask),
            Number = (uint)((word0 >> NumberShift) & NumberMask),
            Until = (uint)(word0 >> UntilShift),
            WindowEnd = (uint)word1,
            Judged = (uint)(word1 >> HalfShift),
        };
    }

    /// <summary>Another order is under way.</summary>
    /// <param name="order">What is ordered.</param>
    /// <param name="until">Second since the machine was started at which nobody waits for it any more.</param>
    public void Accept(CoreOrder order, uint until)
    {
        Order = order;
        Outcome = OrderOutcome.UnderWay;
        HasBegun = false;
        Number = Number == NumberMask ? 1 : Number + 1;
        Until = until & UntilMask;
    }
}
