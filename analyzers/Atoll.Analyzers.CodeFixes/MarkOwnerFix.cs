using System.Composition;
using Atoll.Analyzers.Ownership;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0402: a struct with an owned field says <c>[NonCopyable]</c> itself.</summary>
/// <remarks>Whoever copies or keeps that struct is reported next, up to the outermost one.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class MarkOwnerFix() : KernelCodeFix("ATL0402", "Mark the struct [NonCopyable]")
{
    private const string NonCopyable = "Atoll.NonCopyable";

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken) =>
        target.Find<VariableDeclaratorSyntax>() is { Parent.Parent: FieldDeclarationSyntax { Parent: StructDeclarationSyntax owner } } field
        && target.Model.GetDeclaredSymbol(field, cancellationToken) is IFieldSymbol { IsStatic: false } symbol
        && Owned.IsOwned(symbol.Type)
        && AttributeLists.Knows(symbol.ContainingAssembly, NonCopyable + "Attribute")
        && AttributeLists.Add(owner, [NonCopyable]) is { } marked
            ? target.Replace(owner, marked)
            : null;
}
