using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>A loop that goes on until something is seen that it does not do itself.</summary>
/// <param name="look">Where it looks.</param>
/// <param name="isBounded">Whether a count or a clock ends it, too.</param>
/// <param name="isRestless">Whether it does nothing between two looks, not even PAUSE.</param>
internal sealed class WaitLoop(IOperation look, bool isBounded, bool isRestless)
{
    public IOperation Look => look;

    public bool IsBounded => isBounded;

    public bool IsRestless => isRestless;

    /// <summary>The loop as a wait, or null when it is none.</summary>
    /// <remarks>
    /// It waits when one of its conditions depends on a look at the same place in each turn, and on nothing that the loop
    /// changes. Memory that the loop may write itself does not count; a device register always does.
    /// </remarks>
    public static WaitLoop? Of(ILoopOperation loop, Func<IMethodSymbol, WaitFacts> factsOf)
    {
        if (!LoopExits.HasWayOut(loop))
        {
            return null;
        }

        List<LoopExit> exits = [.. LoopExits.Of(loop)];
        WaitFacts inTurn = loop.Everything().Aggregate(
            WaitFacts.None, (facts, operation) => facts | WaitMethods.Facts(operation, factsOf));
        var changes = new LoopChanges(loop, factsOf);
        List<LoopCondition> atoms =
            [.. exits.Where(static exit => !exit.IsPanic).SelectMany(static exit => exit.Atoms)
                .Select(atom => new LoopCondition(atom, changes, factsOf))];
        bool acts = (inTurn & WaitFacts.Acts) != 0;
        IOperation? look = atoms.Select(atom => atom.IsMovedByLoop ? null : acts ? atom.DeviceLook : atom.Look)
            .FirstOrDefault(static found => found is not null);
        return look is null
            ? null
            : new WaitLoop(
                look,
                exits.Any(exit => exit.IsEndedBy(atom => new LoopCondition(atom, changes, factsOf).IsMovedByLoop)),
                !acts && (inTurn & WaitFacts.Pauses) == 0);
    }
}

/// <summary>What one comparison depends on, through the variables that the loop assigns.</summary>
internal sealed class LoopCondition
{
    private readonly LoopChanges _changes;
    private readonly Func<IMethodSymbol, WaitFacts> _factsOf;
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

    public LoopCondition(IOperation condition, LoopChanges changes, Func<IMethodSymbol, WaitFacts> factsOf)
    {
        _changes = changes;
        _factsOf = factsOf;
        Follow(condition, []);
    }

    /// <summary>A look at memory or a device, always at the same place.</summary>
    public IOperation? Look { get; private set; }

    /// <summary>A look at a device, always at the same place.</summary>
    public IOperation? DeviceLook { get; private set; }

    /// <summary>Whether a clock, or what the loop makes of a variable's former value, can change the answer.</summary>
    public bool IsMovedByLoop { get; private set; }

    private void Follow(IOperation value, ImmutableHashSet<ISymbol> within)
    {
        foreach (IOperation part in value.Everything().Where(static part => !part.IsOnlyWritten()))
        {
            WaitFacts facts = WaitMethods.Facts(part, _factsOf);
            IsMovedByLoop |= (facts & WaitFacts.ReadsClock) != 0;
            if ((facts & WaitFacts.Looks) != 0 || Waiting.IsDereference(part) && !IsPlaceOnly(part))
            {
                Look ??= Places.Whole(part);
                DeviceLook ??= (facts & WaitFacts.LooksAtDevice) != 0 ? part : null;
            }

            if (LoopChanges.Variable(part) is { } variable)
            {
                IsMovedByLoop |= _changes.IsOpaque(variable) || within.Contains(variable);
                if (_seen.Add(variable))
                {
                    foreach (IOperation assigned in _changes.Values(variable))
                    {
                        Follow(assigned, within.Add(variable));
                    }
                }
            }
        }
    }

    // The place that a call gets by reference, or that is only named: 'Volatile.Read(ref p->x)', '&p->x'.
    private static bool IsPlaceOnly(IOperation dereference) =>
        Places.UseOf(Places.Whole(dereference)) != PlaceUse.Access;
}
