using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>A field of a message in its source, with its bytes from the start of the message.</summary>
internal readonly struct LaidField(FieldDeclarationSyntax syntax, int offset, int end, int alignment, bool isOverlay)
{
    public FieldDeclarationSyntax Syntax => syntax;

    public int Offset => offset;

    /// <summary>The first byte after it.</summary>
    public int End => end;

    public int Alignment => alignment;

    /// <summary>Says whether it shares bytes with others on purpose.</summary>
    public bool IsOverlay => isOverlay;
}
