using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>Knows which span expressions csc compiles without an array.</summary>
/// <remarks>
/// Roslyn, LocalRewriter.VisitCollectionExpression and CodeGenerator.TryEmitReadonlySpanAsBlobWrapper: constants of
/// primitive type become bytes of the image (elements wider than a byte need <c>RuntimeHelpers.CreateSpan</c>, else the
/// data is copied to an array); other elements become an inline array if the core library has the attribute and nothing
/// is spread.
/// </remarks>
internal sealed class SpanData(Compilation compilation)
{
    private readonly bool _hasCreateSpan =
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.RuntimeHelpers")
            ?.GetMembers("CreateSpan").IsEmpty == false;

    private readonly bool _hasInlineArrays =
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.InlineArrayAttribute") is not null;

    public static bool IsReadOnlySpan(ITypeSymbol? type) =>
        type?.OriginalDefinition.IsNamed("System.ReadOnlySpan`1") == true;

    public static bool IsSpan(ITypeSymbol? type) =>
        IsReadOnlySpan(type) || type?.OriginalDefinition.IsNamed("System.Span`1") == true;

    /// <summary>Says whether an array creation is constant data that is only ever seen as a read-only span.</summary>
    public bool IsImageData(IArrayCreationOperation creation) =>
        IsSeenAsReadOnlySpan(creation)
        && creation.Type is IArrayTypeSymbol { Rank: 1, ElementType: { } element }
        && (creation.Initializer is { } initializer
            ? CanBeBlob(element) && initializer.ElementValues.All(static value => value.ConstantValue.HasValue)
            : creation.DimensionSizes[0].ConstantValue is { HasValue: true, Value: 0 });

    /// <summary>
    /// Says whether a collection expression of span type is compiled to image data or to an inline array.
    /// </summary>
    public bool NeedsNoArray(ICollectionExpressionOperation expression)
    {
        if (expression.Elements.IsEmpty)
        {
            return true;
        }

        if (expression.Elements.Any(static element => element is ISpreadOperation))
        {
            return false;
        }

        bool isBlob = IsReadOnlySpan(expression.Type)
            && expression.Type is INamedTypeSymbol span && CanBeBlob(span.TypeArguments[0])
            && expression.Elements.All(static value => value.ConstantValue.HasValue);
        return isBlob || _hasInlineArrays;
    }

    private static bool IsSeenAsReadOnlySpan(IArrayCreationOperation creation) =>
        creation.Parent switch
        {
            IConversionOperation conversion => IsReadOnlySpan(conversion.Type),

            // new ReadOnlySpan<byte>(new byte[] { 1, 2 })
            IArgumentOperation { Parent: IObjectCreationOperation { Arguments.Length: 1 } span } =>
                IsReadOnlySpan(span.Type),
            _ => false,
        };

    private bool CanBeBlob(ITypeSymbol element)
    {
        SpecialType special = (element as INamedTypeSymbol)?.EnumUnderlyingType?.SpecialType ?? element.SpecialType;
        return special switch
        {
            SpecialType.System_Boolean or SpecialType.System_SByte or SpecialType.System_Byte => true,
            SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16
                or SpecialType.System_Int32 or SpecialType.System_UInt32
                or SpecialType.System_Int64 or SpecialType.System_UInt64
                or SpecialType.System_Single or SpecialType.System_Double => _hasCreateSpan,
            _ => false,
        };
    }
}
