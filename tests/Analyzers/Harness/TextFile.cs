using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Analyzers.Tests.Harness;

/// <summary>A file beside the sources of a compilation.</summary>
internal sealed class TextFile(string path, string text) : AdditionalText
{
    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
