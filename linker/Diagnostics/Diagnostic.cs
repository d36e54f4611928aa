namespace Atoll.Linker.Diagnostics;

/// <summary>One reason why there is no image.</summary>
/// <param name="Id">Id in the <see cref="DiagnosticCatalogue"/>.</param>
/// <param name="Message">What is wrong, who did it, and what to do.</param>
/// <param name="Symbol">Symbol that it is about, or null.</param>
/// <param name="Referrer">Function, object or file that it was found in, or null.</param>
/// <param name="Source">Line of C#, when debug information tells it, or place in a description.</param>
public sealed record Diagnostic(
    string Id, string Message, string? Symbol = null, string? Referrer = null, SourceLine? Source = null)
{
    /// <summary>The form that MSBuild and editors understand: <c>file(line,column): error id: message</c>, without what is not known.</summary>
    public override string ToString() =>
        Source is { Column: > 0 } place ? $"{place.File}({place.Line},{place.Column}): error {Id}: {Message}"
        : Source is { } source ? $"{source.File}({source.Line}): error {Id}: {Message}"
        : $"Atoll.Linker : error {Id}: {Message}";
}

/// <summary>A line of source.</summary>
/// <param name="File">Path as the debug information gives it.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1; 0: the whole line.</param>
public readonly record struct SourceLine(string File, int Line, int Column = 0)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}
