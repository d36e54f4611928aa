using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.ContractMeter;

/// <summary>What is done to a package's source, from a file of its own.</summary>
/// <remarks>
/// <code>
/// only TYPE...              these types are compiled, the others are taken from the assembly
/// optin TYPE                the type gets [NoGC]
/// optin TYPE.METHOD         every method of that name does
/// repair | edit TYPE        the text between the next lines is replaced: '---', old, '+++', new, '==='
/// </code>
/// A repair is what the decompiler got wrong and the compiler does not take; an edit is what it took to get to clean.
/// </remarks>
internal sealed class CaseScript
{
    private readonly HashSet<string> _only = new(StringComparer.Ordinal);
    private readonly List<(string Type, string? Method)> _optIns = [];
    private readonly List<Replacement> _repairs = [];
    private readonly List<Replacement> _edits = [];

    private sealed record Replacement(string Type, string Old, string New);

    /// <summary>Reads a script.</summary>
    public static CaseScript Read(string path)
    {
        var script = new CaseScript();
        var lines = new Queue<string>(File.ReadAllLines(path));
        while (lines.TryDequeue(out string? line))
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["only", .. var types]:
                    script._only.UnionWith(types);
                    break;
                case ["optin", var member]:
                    string[] parts = member.Split('.');
                    script._optIns.Add((parts[0], parts.Length > 1 ? parts[1] : null));
                    break;
                case ["repair" or "edit", var type]:
                    Take(lines, "---");
                    (line.StartsWith('r') ? script._repairs : script._edits).Add(new Replacement(type, Take(lines, "+++"), Take(lines, "===")));
                    break;
                case [] or ["#", ..]:
                    break;
                default:
                    throw new InvalidDataException($"{path}: '{line}' is neither only, optin, repair nor edit");
            }
        }

        return script;
    }

    /// <summary>How many edits there are.</summary>
    public int EditCount => _edits.Count;

    /// <summary>Whether only a part of the package is compiled.</summary>
    public bool IsPartial => _only.Count > 0;

    /// <summary>Whether a type is compiled.</summary>
    public bool Takes(string type) => _only.Count == 0 || _only.Contains(type);

    public string Repair(string text) => Apply(text, _repairs);

    public string Edit(string text) => Apply(text, _edits);

    /// <summary>Puts the contract on what opts in.</summary>
    public string OptIn(string text)
    {
        foreach ((string type, string? method) in _optIns)
        {
            CompilationUnitSyntax root = SyntaxFactory.ParseCompilationUnit(text);
            IEnumerable<TypeDeclarationSyntax> types = root.DescendantNodes().OfType<TypeDeclarationSyntax>().Where(one => one.Identifier.ValueText == type);
            IEnumerable<MemberDeclarationSyntax> members = method is null ? types
                : types.SelectMany(one => one.Members).OfType<MethodDeclarationSyntax>().Where(one => one.Identifier.ValueText == method);

            foreach (int start in members.Select(one => one.SpanStart).OrderDescending().ToList())
            {
                text = text.Insert(start, "[global::Atoll.NoGC] ");
            }
        }

        return text;
    }

    private static string Apply(string text, List<Replacement> replacements)
    {
        foreach (Replacement one in replacements.Where(one => Declares(text, one.Type)))
        {
            text = text.Contains(one.Old, StringComparison.Ordinal) ? text.Replace(one.Old, one.New, StringComparison.Ordinal)
                : throw new InvalidDataException($"{one.Type} does not have the text:\n{one.Old}");
        }

        return text;
    }

    private static bool Declares(string text, string type) =>
        SyntaxFactory.ParseCompilationUnit(text).DescendantNodes().OfType<TypeDeclarationSyntax>().Any(one => one.Identifier.ValueText == type);

    private static string Take(Queue<string> lines, string end)
    {
        List<string> taken = [];
        while (lines.TryDequeue(out string? line) && line != end)
        {
            taken.Add(line);
        }

        return string.Join('\n', taken);
    }
}
