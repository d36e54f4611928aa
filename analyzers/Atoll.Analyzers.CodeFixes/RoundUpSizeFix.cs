using System.Composition;
using Atoll.Analyzers.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0502: the size that a message declares goes up to whole cache lines.</summary>
/// <remarks>
/// For messages whose layout is written down; the others get it with their offsets (<see cref="WriteLayoutFix"/>), and so
/// do the bytes at the end their names.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RoundUpSizeFix() : KernelCodeFix("ATL0502", "Round the size up to whole cache lines")
{
    private const int LineBytes = 64;

    /// <summary>So many bytes, or up to the end of the cache line.</summary>
    internal static int WholeLines(int bytes) => (bytes + LineBytes - 1) / LineBytes * LineBytes;

    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<TypeDeclarationSyntax>() is not { } declaration
            || target.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { } type
            || LayoutAttribute.Find(target.Model, declaration) is not { } layout)
        {
            return null;
        }

        // Of a field whose size depends on the machine nobody knows whether it fits.
        int size = MessageLayout.SizeOf(type);
        bool isKnown = size > 0 && MessageLayout.Fields(type).All(static field => ValueExtent.Of(field, wordBytes: 0).Size > 0);
        return isKnown && LayoutAttribute.WithSize(layout, WholeLines(size)) is { } rounded
            ? target.Replace(layout, rounded)
            : null;
    }
}
