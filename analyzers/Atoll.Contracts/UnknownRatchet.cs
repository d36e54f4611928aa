using System.Collections.Concurrent;
using System.IO;
using Atoll.Analyzers;
using Atoll.Contracts.Library;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Contracts;

/// <summary>The unknowns that a project has accepted, member by member: <c>Atoll.unknowns.txt</c>, a documentation id and a number a line.</summary>
/// <remarks>A member with no more unknowns than it may have is silent. A number that is too high is reported, so that it can only fall.</remarks>
internal sealed class UnknownRatchet
{
    private const string FileName = "Atoll.unknowns.txt";

    private readonly AdditionalText? _file;
    private readonly Dictionary<string, (int Count, TextLine Line)> _accepted = new(StringComparer.Ordinal);
    private readonly List<(TextLine Line, string Error)> _errors = [];
    private readonly ConcurrentDictionary<string, int> _found = new(StringComparer.Ordinal);

    public UnknownRatchet(ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        _file = files.FirstOrDefault(static file => string.Equals(Path.GetFileName(file.Path), FileName, StringComparison.OrdinalIgnoreCase));
        foreach (TextLine line in _file?.GetText(cancellation)?.Lines ?? Enumerable.Empty<TextLine>())
        {
            string[] parts = line.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0][0] == '#')
            {
                continue;
            }

            if (parts.Length != 2 || !int.TryParse(parts[1], out int count) || count < 0)
            {
                _errors.Add((line, $"'{line.ToString().Trim()}' is not a documentation id and a number"));
            }
            else if (_accepted.ContainsKey(parts[0]))
            {
                _errors.Add((line, $"'{parts[0]}' has a line already"));
            }
            else
            {
                _accepted.Add(parts[0], (count, line));
            }
        }
    }

    /// <summary>Reports what a member has above its number.</summary>
    public void Settle(IMethodSymbol function, MemberReport report)
    {
        IReadOnlyList<Diagnostic> unknowns = report.Unknowns();
        if (_file is null)
        {
            foreach (Diagnostic unknown in unknowns)
            {
                report.Report(unknown);
            }

            return;
        }

        string id = Id(function);
        int total = _found.AddOrUpdate(id, unknowns.Count, (_, before) => before + unknowns.Count);
        if (total > (_accepted.TryGetValue(id, out (int Count, TextLine Line) accepted) ? accepted.Count : 0))
        {
            foreach (Diagnostic unknown in unknowns)
            {
                report.Report(unknown);
            }
        }
    }

    /// <summary>Reports each number that is not the one found, and each line that is none.</summary>
    public void Report(CompilationAnalysisContext context)
    {
        foreach ((TextLine line, string error) in _errors)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.List, FileLine.Location(_file!.Path, line), error));
        }

        foreach (KeyValuePair<string, (int Count, TextLine Line)> entry in _accepted)
        {
            _found.TryGetValue(entry.Key, out int found);
            if (found != entry.Value.Count)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.Ratchet, FileLine.Location(_file!.Path, entry.Value.Line), entry.Key, entry.Value.Count, found));
            }
        }
    }

    // A local function has no documentation id: it counts for its member.
    private static string Id(IMethodSymbol function)
    {
        ISymbol member = function;
        while (member is IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.LambdaMethod } && member.ContainingSymbol is { } outer)
        {
            member = outer;
        }

        return member.GetDocumentationCommentId() ?? member.Display();
    }
}
