using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0601: a private static number that nothing writes can be readonly.</summary>
/// <remarks>
/// Numbers, enums and pointers only: a call on a readonly struct acts on a copy, so there the program could change. The
/// type must not be partial, so that every use is in sight.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MakeReadOnlyFix() : KernelCodeFix("ATL0601", "Make the field readonly")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<FieldDeclarationSyntax>() is not { Declaration.Variables.Count: 1 } declaration
            || target.Model.GetDeclaredSymbol(declaration.Declaration.Variables[0], cancellationToken)
                is not IFieldSymbol { DeclaredAccessibility: Accessibility.Private, IsVolatile: false } field
            || !IsNumber(field.Type)
            || MemberUses.FindAll(target.Model, field, cancellationToken) is not { } uses
            || uses.Any(MemberUses.MayWrite))
        {
            return null;
        }

        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return target.Replace(declaration, declaration.AddModifiers(keyword));
    }

    private static bool IsNumber(ITypeSymbol type) =>
        type.TypeKind is TypeKind.Enum or TypeKind.Pointer or TypeKind.FunctionPointer
        || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_Double
            or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
