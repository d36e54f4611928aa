using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0901: a statement that copies a struct copies its fields, one by one.</summary>
/// <remarks>
/// Where both places can be named again at no cost, and where the fields are all there is: in reach, numbers or addresses, none
/// readonly, none on top of another.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class CopyFieldsFix() : KernelCodeFix("ATL0901", "Copy field by field")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<ExpressionSyntax>() is not { Parent: AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement } copy } value
            || !copy.IsKind(SyntaxKind.SimpleAssignmentExpression) || copy.Right != value || value.Span != target.Span
            || !IsPlain(target.Model, copy.Left) || !IsPlain(target.Model, value)
            || target.Model.GetTypeInfo(value, cancellationToken).Type is not INamedTypeSymbol { TypeKind: TypeKind.Struct } type
            || !SymbolEqualityComparer.Default.Equals(type, target.Model.GetTypeInfo(copy.Left, cancellationToken).Type)
            || FieldsOf(type, target.Model, value.SpanStart) is not { } fields)
        {
            return null;
        }

        IEnumerable<StatementSyntax> stores = fields.Select(field =>
            SyntaxFactory.ParseStatement($"{Member(copy.Left, field)} = {Member(value, field)};\n")
                .WithAdditionalAnnotations(Formatter.Annotation));
        StatementSyntax[] all = [.. stores];
        all[0] = all[0].WithLeadingTrivia(statement.GetLeadingTrivia());
        all[all.Length - 1] = all[all.Length - 1].WithTrailingTrivia(statement.GetTrailingTrivia());
        return target.Replace(statement, all);
    }

    private static string Member(ExpressionSyntax place, string field) =>
        place is PrefixUnaryExpressionSyntax { Operand: var pointer } ? $"{pointer}->{field}" : $"{place}.{field}";

    // Evaluated once for each field, so it must do nothing: 'a', 'a.B', '*p', 'p->B', 'this.B'. A pointer must not lie in what is
    // written field by field: a local or parameter by value does not.
    private static bool IsPlain(SemanticModel model, ExpressionSyntax place) =>
        place switch
        {
            ThisExpressionSyntax => true,
            IdentifierNameSyntax => model.GetSymbolInfo(place).Symbol is not IPropertySymbol,
            MemberAccessExpressionSyntax access =>
                model.GetSymbolInfo(access).Symbol is IFieldSymbol
                    && (access.IsKind(SyntaxKind.SimpleMemberAccessExpression)
                        ? IsPlain(model, access.Expression)
                        : IsOwnPointer(model, access.Expression)),
            PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax pointer } dereference =>
                dereference.IsKind(SyntaxKind.PointerIndirectionExpression) && IsOwnPointer(model, pointer),
            _ => false,
        };

    private static bool IsOwnPointer(SemanticModel model, ExpressionSyntax pointer) =>
        model.GetSymbolInfo(pointer).Symbol is ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None };

    private static IEnumerable<string>? FieldsOf(INamedTypeSymbol type, SemanticModel model, int position)
    {
        IFieldSymbol[] fields = [.. type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic && !field.IsConst)];
        bool isWhole = fields.Length > 0 && fields.All(field =>
            field is { IsReadOnly: false, IsFixedSizeBuffer: false, CanBeReferencedByName: true, RefKind: RefKind.None }
                && IsWord(field.Type) && model.IsAccessible(position, field));
        bool isPlain = !type.GetAttributes().Any(static data => data.AttributeClass?.Name is "StructLayoutAttribute" or "InlineArrayAttribute");
        return isWhole && isPlain ? fields.Select(static field => field.Name) : null;
    }

    private static bool IsWord(ITypeSymbol type) =>
        type.TypeKind is TypeKind.Enum or TypeKind.Pointer or TypeKind.FunctionPointer
        || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_UInt64
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
