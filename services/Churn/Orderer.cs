using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Churn;

/// <summary>What an orderer has seen.</summary>
internal struct ChurnCounts
{
    /// <summary>Orders that were accepted.</summary>
    internal uint Accepted;

    /// <summary>Of these, such whose answer died with the coordinator.</summary>
    internal uint Unheard;

    /// <summary>Orders that were never accepted, because the coordinator died before.</summary>
    internal uint Lost;

    /// <summary>Orders that did not fit.</summary>
    internal uint Refused;

    /// <summary>Orders that ended as they should.</summary>
    internal uint Done;

    /// <summary>Restarts by policy.</summary>
    internal uint ByPolicy;

    /// <summary>Deaths after which the budget was spent.</summary>
    internal uint Spent;

    /// <summary>Orders that ended well although the coordinator was taken away between the order and its end.</summary>
    internal uint Between;

    /// <summary>Questions that were asked again because the coordinator died of the first.</summary>
    internal uint Again;

    /// <summary>What should not be.</summary>
    internal uint Wrong;
}

/// <summary>Orders at random what is to become of cores, one after another, and compares what becomes of them with what should.</summary>
internal struct Orderer
{
    private const ulong LookMicroseconds = 300;

    // A minute: twice as long as the coordinator itself waits for an order.
    private const uint LooksMax = 200_000;
    private const uint OrdersThatAre = 4;
    private const uint LooksAtOnce = 16;

    /// <summary>What was seen.</summary>
    internal ChurnCounts Counts;

    private readonly CoresClient _cores;
    private readonly InstanceFigures _figures;
    private readonly ClockClient _clock;
    private readonly uint _count;
    private readonly CoordinatorProcess _coordinator;

    /// <summary>An orderer for a machine.</summary>
    internal Orderer(CoresClient cores, InstanceFigures figures, ClockClient clock, in CoordinatorProcess coordinator, uint count)
    {
        _coordinator = coordinator;
        _cores = cores;
        _figures = figures;
        _clock = clock;
        _count = count;
    }

    /// <summary>So many orders. The last core is left alone, and must not notice.</summary>
    internal void Run(ulong rounds, RandomNumbers random)
    {
        uint last = _count - 1;
        bool isKnown = _figures.History(last, out MemberHistory before) == SystemResult.Ok;
        for (ulong round = 0; round < rounds; round++)
        {
            uint core = 1 + (uint)random.Below(last - 1);
            Round(core, CoreOrder.Start + (int)random.Below(OrdersThatAre));
        }

        isKnown &= _figures.History(last, out MemberHistory after) == SystemResult.Ok;
        Counts.Wrong += isKnown && before.Change == after.Change ? 0u : 1;
    }

    private void Round(uint core, CoreOrder order)
    {
        if (!TryOutcome(core, out uint before, out _, out _, out uint left) || _figures.Member(core, out MemberFigures was) != SystemResult.Ok)
        {
            Counts.Wrong++;
            return;
        }

        uint starts = _coordinator.Starts();
        CallResult told = _cores.Order(core, order, out uint number, out CoresAnswer answer);
        if (told == CallResult.Ok && answer == CoresAnswer.NothingToDo)
        {
            Counts.Refused++;
            return;
        }

        if (told == CallResult.PeerDied)
        {
            if (!TryOutcome(core, out number, out _, out _, out _) || number == before)
            {
                Counts.Lost++;
                return;
            }

            Counts.Unheard++;
        }
        else if (told != CallResult.Ok || answer != CoresAnswer.Done)
        {
            Counts.Wrong++;
            return;
        }

        Counts.Accepted++;
        bool isRight = number == before + 1 && Ends(core, number, order) && Becomes(core, order, in was, left);
        Counts.Done += isRight ? 1u : 0;
        Counts.Between += isRight && _coordinator.Starts() != starts ? 1u : 0;
        Counts.Wrong += isRight ? 0u : 1;
    }

    // Now and then: questions one upon the other keep the coordinator at work when it is taken away. Whoever has no clock any more sees nothing end.
    private readonly bool Rested(uint look) => look % LooksAtOnce != 0 || look == 0 || _clock.Sleep(LookMicroseconds) == CallResult.Ok;

    // The order is the last one, and ends well.
    private bool Ends(uint core, uint number, CoreOrder order)
    {
        for (uint look = 0; look < LooksMax && Rested(look); look++)
        {
            if (!TryOutcome(core, out uint now, out CoreOrder ordered, out OrderOutcome outcome, out _) || now != number || ordered != order)
            {
                return false;
            }

            if (outcome != OrderOutcome.UnderWay)
            {
                return outcome == OrderOutcome.Done;
            }
        }

        return false;
    }

    private bool Becomes(uint core, CoreOrder order, in MemberFigures was, uint left)
    {
        bool isByPolicy = order == CoreOrder.Kill && left != 0;
        Counts.ByPolicy += isByPolicy ? 1u : 0;
        Counts.Spent += order == CoreOrder.Kill && left == 0 ? 1u : 0;
        MemberState state = order == CoreOrder.Stop ? MemberState.Empty
            : order == CoreOrder.Kill && !isByPolicy ? MemberState.Dead
            : MemberState.Healthy;
        ulong life = was.Life + (state == MemberState.Healthy ? 1UL : 0);
        for (uint look = 0; look < LooksMax && Rested(look); look++)
        {
            if (_figures.Member(core, out MemberFigures now) != SystemResult.Ok)
            {
                return false;
            }

            if (now.State == state)
            {
                return now.Life == life && (now.Bytes != 0) == (state != MemberState.Empty);
            }
        }

        return false;
    }

    // Whoever answered is dead, or was it before it heard the question: the next life is asked.
    private bool TryOutcome(uint core, out uint number, out CoreOrder order, out OrderOutcome outcome, out uint left)
    {
        CallResult told;
        CoresAnswer answer;
        uint attempts = 0;
        do
        {
            told = _cores.Outcome(core, out number, out order, out outcome, out left, out answer);
        }
        while (told == CallResult.PeerDied && ++attempts < LooksMax);
        Counts.Again += attempts;
        return told == CallResult.Ok && answer == CoresAnswer.Done;
    }
}
