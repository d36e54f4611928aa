using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Generators.Model;

/// <summary>A place in a source file. Unlike Roslyn's it holds no syntax tree and can be compared.</summary>
internal readonly record struct SourcePlace(string File, TextSpan Span, LinePositionSpan Lines)
{
    /// <summary>The place as Roslyn wants it.</summary>
    public Location Location => Location.Create(File ?? "", Span, Lines);

    /// <summary>Where a symbol is declared.</summary>
    public static SourcePlace Of(ISymbol symbol)
    {
        Location place = symbol.Locations[0];
        return new SourcePlace(place.SourceTree?.FilePath ?? "", place.SourceSpan, place.GetLineSpan().Span);
    }
}

/// <summary>Something that is wrong, and where.</summary>
/// <param name="Rule">Its rule.</param>
/// <param name="Place">Where.</param>
/// <param name="Arguments">What the rule's message says about it.</param>
internal sealed record Finding(DiagnosticDescriptor Rule, SourcePlace Place, EquatableArray<string> Arguments)
{
    public static Finding Of(DiagnosticDescriptor rule, SourcePlace place, params string[] arguments) => new(rule, place, new(arguments));

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Place.Location, [.. Arguments]);
}
