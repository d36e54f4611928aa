using System.Composition;
using Atoll.Analyzers.Boundary;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0703: an entry point with <c>UnmanagedCallersOnly</c> is exported without the transition of a runtime.</summary>
/// <remarks>
/// The calling convention is that of System V both ways. Only in a room that may export, for a name that is given, and for
/// a private method that nothing else names: as a function pointer it would be of another type.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ExportEntryFix() : KernelCodeFix("ATL0703", "Export it with RuntimeExport")
{
    private const string EntryPoint = "EntryPoint";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        SemanticModel model = target.Model;
        if (target.Find<MethodDeclarationSyntax>() is not { } declaration || declaration.Identifier.Span != target.Span
            || model.GetDeclaredSymbol(declaration, cancellationToken) is not
                { DeclaredAccessibility: Accessibility.Private } method
            || MemberUses.FindAll(model, method, cancellationToken) is not { Count: 0 }
            || UnmanagedCallersOnly(method)?.ApplicationSyntaxReference?.GetSyntax(cancellationToken)
                is not AttributeSyntax { ArgumentList.Arguments: { Count: 1 } arguments } attribute
            || arguments[0] is not { NameEquals.Name.Identifier.ValueText: EntryPoint, Expression: var name }
            || model.GetConstantValue(name, cancellationToken).Value is not string exported
            || !InteropInItsRoomAnalyzer.MayExport(model.Compilation.Assembly.Name, exported)
            || model.Compilation.GetTypeByMetadataName(InteropInItsRoomAnalyzer.Export) is null)
        {
            return null;
        }

        return target.Replace(
            attribute,
            SyntaxFactory.Attribute(
                    SyntaxFactory.ParseName("global::System.Runtime.RuntimeExport")
                        .WithAdditionalAnnotations(Simplifier.Annotation),
                    SyntaxFactory.ParseAttributeArgumentList($"({name.WithoutTrivia()})"))
                .WithTriviaFrom(attribute));
    }

    private static AttributeData? UnmanagedCallersOnly(IMethodSymbol method) =>
        method.GetAttributes().FirstOrDefault(static attribute =>
            attribute.AttributeClass.IsNamed(InteropInItsRoomAnalyzer.UnmanagedCallersOnly));
}
