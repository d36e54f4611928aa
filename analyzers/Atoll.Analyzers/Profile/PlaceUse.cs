using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers;

/// <summary>What is done with a place in memory: its bytes are accessed, or only its address is taken.</summary>
internal enum PlaceUse
{
    /// <summary>Loaded or stored here, in whatever pieces the compiler likes.</summary>
    Access,

    /// <summary>Lent by <c>ref</c>, <c>in</c> or <c>out</c>, or kept as a reference.</summary>
    Reference,

    /// <summary>Its address is taken, or nothing happens at all.</summary>
    Address,
}

/// <summary>Follows a field reference outwards to the place that is meant, and inwards to what it lies in.</summary>
internal static class Places
{
    /// <summary>The outermost field or element that contains only this one: <c>a.B</c> of <c>a.B.C[0]</c> gives all of it.</summary>
    public static IOperation Whole(IOperation place) =>
        place.Parent switch
        {
            IFieldReferenceOperation outer when outer.Instance == place => Whole(outer),
            IInlineArrayAccessOperation outer when outer.Instance == place => Whole(outer),
            _ => place,
        };

    public static PlaceUse UseOf(IOperation place) =>
        place.Parent switch
        {
            IAddressOfOperation or INameOfOperation => PlaceUse.Address,
            IArgumentOperation argument => argument.Parameter?.RefKind is null or RefKind.None
                ? PlaceUse.Access
                : PlaceUse.Reference,
            ISimpleAssignmentOperation { IsRef: true } => PlaceUse.Reference,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None } }
                => PlaceUse.Reference,
            IInvocationOperation call when call.Instance == place => PlaceUse.Reference,
            IPropertyReferenceOperation property when property.Instance == place => PlaceUse.Reference,
            IConversionOperation { IsImplicit: true } conversion when IsSpan(conversion.Type) => PlaceUse.Reference,
            _ => place.Syntax.Parent is RefExpressionSyntax ? PlaceUse.Reference : PlaceUse.Access,
        };

    /// <summary>Says whether the place lies in a local or parameter that holds the value itself: a private copy.</summary>
    public static bool IsInOwnCopy(IOperation? place) =>
        place switch
        {
            IFieldReferenceOperation { Field.IsStatic: false, Field.ContainingType.IsValueType: true } field =>
                IsInOwnCopy(field.Instance),
            IInlineArrayAccessOperation element => IsInOwnCopy(element.Instance),
            ILocalReferenceOperation local => local.Local.RefKind == RefKind.None,
            IParameterReferenceOperation parameter => parameter.Parameter.RefKind == RefKind.None,
            IInvocationOperation call => call.TargetMethod.RefKind == RefKind.None,
            IObjectCreationOperation or IDefaultValueOperation => true,

            // The object that an initialiser fills is not known to anyone yet.
            IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } => true,
            _ => false,
        };

    // An inline array is viewed, not copied.
    private static bool IsSpan(ITypeSymbol? type) => type.IsNamed("System.Span`1") || type.IsNamed("System.ReadOnlySpan`1");
}
