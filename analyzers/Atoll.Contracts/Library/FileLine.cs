using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Contracts.Library;

/// <summary>A place in a file that is not C#.</summary>
internal static class FileLine
{
    public static Location Location(string path, TextLine line) =>
        Microsoft.CodeAnalysis.Location.Create(
            path, line.Span, new LinePositionSpan(new LinePosition(line.LineNumber, 0), new LinePosition(line.LineNumber, line.Span.Length)));
}
