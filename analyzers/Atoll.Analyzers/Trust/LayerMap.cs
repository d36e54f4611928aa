using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.Trust;

/// <summary>Who may use whom: the file <c>Layers.txt</c>, a line <c>assembly: assembly assembly …</c> for each assembly.</summary>
/// <remarks>A name that ends with <c>*</c> stands for all that begin so. Lines that begin with <c>#</c> are comments.</remarks>
internal sealed class LayerMap
{
    public const string FileName = "Layers.txt";

    private readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal);

    private LayerMap(SourceText text)
    {
        foreach (TextLine line in text.Lines)
        {
            string layer = line.ToString();
            int colon = layer.IndexOf(':');
            if (colon > 0 && layer[0] != '#')
            {
                _allowed[layer.Substring(0, colon).Trim()] =
                    layer.Substring(colon + 1).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    /// <summary>The map of a compilation, or null when it has none.</summary>
    public static LayerMap? Of(AnalyzerOptions options, CancellationToken cancellationToken) =>
        options.AdditionalFiles.FirstOrDefault(static file => Path.GetFileName(file.Path) == FileName)
            ?.GetText(cancellationToken) is { } text
            ? new LayerMap(text)
            : null;

    /// <summary>Says whether the map knows an assembly.</summary>
    public bool Knows(string assembly) => _allowed.ContainsKey(assembly);

    /// <summary>Says whether an assembly that the map knows may use another.</summary>
    public bool MayUse(string assembly, string other) =>
        _allowed[assembly].Any(allowed => allowed == other
            || allowed.EndsWith("*", StringComparison.Ordinal)
                && other.StartsWith(allowed.TrimEnd('*'), StringComparison.Ordinal));
}
