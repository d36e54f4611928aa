using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>What <c>[Atoll.MustUse]</c> says about types and members.</summary>
internal static class MustUse
{
    private const string Attribute = "Atoll.MustUseAttribute";

    // All interfaces of a type are searched, and the same methods are called again and again.
    private static readonly ConditionalWeakTable<ISymbol, StrongBox<bool>> s_marked = new();

    /// <summary>Says whether a value of the type is, or holds as nullable or tuple, an answer to look at.</summary>
    public static bool IsAnswer(ITypeSymbol? type) =>
        type switch
        {
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable =>
                IsAnswer(nullable.TypeArguments[0]),
            INamedTypeSymbol { IsTupleType: true } tuple =>
                tuple.TupleElements.Any(static element => IsAnswer(element.Type)),
            { TypeKind: TypeKind.Enum or TypeKind.Struct, SpecialType: SpecialType.None } =>
                s_marked.GetValue(type.OriginalDefinition, static one => new StrongBox<bool>(one.HasAttribute(Attribute))).Value,
            _ => false,
        };

    /// <summary>The answer that an operation produces and that nobody has seen yet, or null.</summary>
    /// <remarks>Looks through conversions and through both arms of a choice.</remarks>
    public static IOperation? Find(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call when IsAnswer(call.Type) || IsMarked(call.TargetMethod) => call,
            IPropertyReferenceOperation read when IsAnswer(read.Type) || IsMarked(read.Property) => read,
            ISimpleAssignmentOperation or ICompoundAssignmentOperation or IDeconstructionAssignmentOperation => null,
            IConversionOperation { OperatorMethod: null } conversion => Find(conversion.Operand),
            IConditionalOperation { WhenFalse: { } otherwise } choice => Find(choice.WhenTrue) ?? Find(otherwise),
            ICoalesceOperation coalesce => Find(coalesce.Value) ?? Find(coalesce.WhenNull),
            IConditionalAccessOperation access => Find(access.WhenNotNull),
            ISwitchExpressionOperation choice =>
                choice.Arms.Select(static arm => Find(arm.Value)).FirstOrDefault(static found => found is not null),
            _ => IsAnswer(operation.Type) ? operation : null,
        };

    /// <summary>Says whether the member, what it overrides, or what it implements is marked.</summary>
    public static bool IsMarked(ISymbol member) =>
        s_marked.GetValue(member, static one => new StrongBox<bool>(FindMark(one))).Value;

    private static bool FindMark(ISymbol member)
    {
        for (ISymbol? level = member.OriginalDefinition; level is not null; level = Overridden(level))
        {
            if (level.HasAttribute(Attribute))
            {
                return true;
            }
        }

        return member.ContainingType is { TypeKind: not TypeKind.Interface } type
            && type.AllInterfaces.SelectMany(promised => promised.GetMembers(member.Name))
                .Any(promised => promised.OriginalDefinition.HasAttribute(Attribute)
                    && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(promised), member));
    }

    private static ISymbol? Overridden(ISymbol member) =>
        member switch
        {
            IMethodSymbol method => method.OverriddenMethod?.OriginalDefinition,
            IPropertySymbol property => property.OverriddenProperty?.OriginalDefinition,
            _ => null,
        };
}
