using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>Names for places: a variable and the fields down from it.</summary>
internal static class BorrowPath
{
    /// <summary>The place's name, or null where it is not known.</summary>
    public static string? Of(IOperation place) =>
        place switch
        {
            ILocalReferenceOperation reference => reference.Local.Name,
            IParameterReferenceOperation reference => reference.Parameter.Name,
            IInstanceReferenceOperation => "this",
            IFieldReferenceOperation { Instance: { } instance } reference when Of(instance) is { } outer =>
                $"{outer}.{reference.Field.Name}",
            IInlineArrayAccessOperation { Argument.ConstantValue: { HasValue: true, Value: var index } } access
                when Of(access.Instance) is { } outer => $"{outer}.{index}",
            IInlineArrayAccessOperation access => Of(access.Instance),
            _ => null,
        };

    /// <summary>Says whether one place is the other or is inside it.</summary>
    public static bool Overlap(string one, string other) =>
        $"{one}.".StartsWith($"{other}.", StringComparison.Ordinal)
            || $"{other}.".StartsWith($"{one}.", StringComparison.Ordinal);

    /// <summary>Says whether the place or anything around it is an owned value.</summary>
    public static bool IsOwned(IOperation place)
    {
        for (IOperation? scope = place; scope is not null; scope = Outer(scope))
        {
            if (Owned.IsOwned(scope.Type))
            {
                return true;
            }
        }

        return false;
    }

    private static IOperation? Outer(IOperation place) =>
        place switch
        {
            IFieldReferenceOperation reference => reference.Instance,
            IInlineArrayAccessOperation access => access.Instance,
            _ => null,
        };
}
