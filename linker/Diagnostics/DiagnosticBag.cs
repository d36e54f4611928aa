namespace Atoll.Linker.Diagnostics;

/// <summary>What the passes have found, each finding once.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _found = [];
    private readonly HashSet<Diagnostic> _known = [];

    /// <summary>Most findings that are kept: a damaged file must not fill the terminal or the memory.</summary>
    public const int CountMax = 200;

    /// <summary>Findings in the order in which they were made.</summary>
    public IReadOnlyList<Diagnostic> Found => _found;

    /// <summary>Whether there is any.</summary>
    public bool HasAny => _found.Count > 0;

    /// <summary>Adds a finding of a catalogued kind.</summary>
    public void Report(
        DiagnosticDescriptor descriptor,
        string what,
        string? symbol = null,
        string? referrer = null,
        SourceLine? source = null)
    {
        Add(new Diagnostic(descriptor.Id, $"{what} {descriptor.WhatToDo}", symbol, referrer, source));
    }

    /// <summary>Adds findings of another bag.</summary>
    public void AddRange(IEnumerable<Diagnostic> findings)
    {
        foreach (Diagnostic finding in findings)
        {
            Add(finding);
        }
    }

    private void Add(Diagnostic diagnostic)
    {
        if (_found.Count < CountMax && _known.Add(diagnostic))
        {
            _found.Add(diagnostic);
        }
    }
}
