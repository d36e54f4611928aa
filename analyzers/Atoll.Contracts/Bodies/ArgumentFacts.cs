using Atoll.Analyzers;
using Atoll.Contracts.Library;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>What can be seen of a call's arguments that a line of a contract list assumes.</summary>
internal static class ArgumentFacts
{
    /// <summary>The assumptions that are about arguments.</summary>
    public const Assumptions All = Assumptions.StandardFormat | Assumptions.SameArrays;

    public static Assumptions Of(IOperation operation) =>
        operation is not IInvocationOperation call ? Assumptions.None
        : (call.Arguments.Where(static one => one.Parameter?.Name == "format").All(static one => IsStandard(one.Value)) ? Assumptions.StandardFormat : Assumptions.None)
            | (AreSameArrays(call) ? Assumptions.SameArrays : Assumptions.None);

    /// <summary>Why a call is not known, in the words of a message.</summary>
    public static string Describe(Assumptions open) =>
        (open & Assumptions.StandardFormat) != 0 ? "allocates for some formats: give none or a constant standard one" : "boxes where the arrays differ in type";

    // None, "", "D", "x8". What is no constant may be anything.
    private static bool IsStandard(IOperation value) =>
        value switch
        {
            IDefaultValueOperation => true,
            IConversionOperation conversion => IsStandard(conversion.Operand),
            { ConstantValue: { HasValue: true, Value: null } } => true,
            { ConstantValue: { HasValue: true, Value: string text } } => text.Length == 0
                || char.IsLetter(text[0]) && text.Skip(1).All(static digit => digit is >= '0' and <= '9'),
            _ => false,
        };

    private static bool AreSameArrays(IInvocationOperation call)
    {
        ITypeSymbol?[] arrays = [.. call.Arguments.Where(static one => one.Parameter?.Type.SpecialType == SpecialType.System_Array).Select(static one => Written(one.Value).Type)];
        return arrays.Length == 2 && arrays[0] is IArrayTypeSymbol && SymbolEqualityComparer.Default.Equals(arrays[0], arrays[1]);
    }

    private static IOperation Written(IOperation value) => value is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : value;
}
