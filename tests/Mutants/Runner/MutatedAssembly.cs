using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Mutants;

/// <summary>A room with all of its mutants, compiled once.</summary>
internal sealed class MutatedAssembly
{
    private const int RoundsMax = 60;

    // A variable that may have no value, a path that returns none: the mutant that causes it is elsewhere in the member.
    private static readonly HashSet<string> s_flow = ["CS0165", "CS0177", "CS0161", "CS0171", "CS0188", "CS0269", "CS8070", "CS0163"];

    private readonly HashSet<int> _leftOut = [];
    private readonly Dictionary<string, int> _complained = [];
    private readonly List<Source> _sources = [];
    private readonly CSharpCompilation _plain;
    private int _round;

    private MutatedAssembly(string folder, CSharpCommandLineArguments line, Func<string, string, IReadOnlyList<TextSpan>?> spansOf)
    {
        CSharpParseOptions parse = line.ParseOptions.WithLanguageVersion(LanguageVersion.Preview);
        int next = 0;
        List<SyntaxTree> others = [CSharpSyntaxTree.ParseText(SwitchSource.Text, parse, "switch.cs")];
        foreach (string path in line.SourceFiles.Select(source => source.Path))
        {
            var text = SourceText.From(File.ReadAllText(path));
            SyntaxTree tree = CSharpSyntaxTree.ParseText(text, parse, path);
            string name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (spansOf(name, text.ToString()) is not { } spans)
            {
                others.Add(tree);
                continue;
            }

            var source = new Source(name, text, tree, spans, next);
            next = Make(source).Next;
            _sources.Add(source);
        }

        _plain = CSharpCompilation.Create(
            line.CompilationName,
            others,
            line.MetadataReferences.Select(reference => MetadataReference.CreateFromFile(reference.Reference, reference.Properties)),
            line.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Default).WithSpecificDiagnosticOptions([]));
        Name = line.CompilationName!;
    }

    /// <summary>Name of the assembly.</summary>
    internal string Name { get; }

    /// <summary>Its mutants.</summary>
    internal IReadOnlyList<Mutant> Mutants { get; private set; } = [];

    /// <summary>What was compiled.</summary>
    internal byte[] Image { get; private set; } = [];

    /// <summary>How many numbers were given, to mutants that do not compile as well.</summary>
    internal int Numbers { get; private set; }

    /// <summary>Compiles a room.</summary>
    /// <param name="folder">Folder of its project.</param>
    /// <param name="line">How it is compiled.</param>
    /// <param name="spansOf">By name and text of a file: where it is mutated, everywhere when empty; null: not at all.</param>
    internal static MutatedAssembly Compile(string folder, CSharpCommandLineArguments line, Func<string, string, IReadOnlyList<TextSpan>?> spansOf)
    {
        var assembly = new MutatedAssembly(folder, line, spansOf);
        for (int round = 0; round < RoundsMax; round++)
        {
            if (assembly.TryEmit())
            {
                return assembly;
            }
        }

        throw new InvalidOperationException($"{assembly.Name} does not compile without more and more of its mutants");
    }

    private bool TryEmit()
    {
        List<Mutant> made = [];
        List<SyntaxTree> trees = [];
        foreach (Source source in _sources)
        {
            MutantMaker maker = Make(source);
            made.AddRange(maker.Made);
            trees.Add(source.Tree.WithRootAndOptions(maker.Root!, source.Tree.Options));
            Numbers = maker.Next;
        }

        CSharpCompilation compilation = _plain.AddSyntaxTrees(trees);
        using var image = new MemoryStream();
        Diagnostic[] errors = [.. compilation.Emit(image).Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)];
        if (errors.Length == 0)
        {
            Mutants = made;
            Image = image.ToArray();
            return true;
        }

        int before = _leftOut.Count;
        _round++;
        Array.ForEach(errors, LeaveOut);
        return _leftOut.Count > before ? false : throw new InvalidOperationException($"{Name} does not compile: {errors[0]}");
    }

    private void LeaveOut(Diagnostic error)
    {
        SyntaxNode? at = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        SyntaxNode? marked = s_flow.Contains(error.Id) ? null : at?.AncestorsAndSelf().FirstOrDefault(node => node.HasAnnotations(MutantMaker.Mark));
        if (marked is not null)
        {
            _leftOut.UnionWith(Numbered(marked, MutantMaker.Mark));
            return;
        }

        // Statements that are left out first; when that did not help, in the next round, every mutant of the member.
        MemberDeclarationSyntax? member = at?.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault();
        string place = $"{error.Location.SourceTree?.FilePath} {(member is null ? "" : NameOf(member))}";
        _complained.TryAdd(place, _round);
        string kind = _complained[place] == _round ? MutantMaker.Omission : MutantMaker.Mark;
        foreach (SyntaxNode node in member?.DescendantNodesAndSelf() ?? [])
        {
            _leftOut.UnionWith(Numbered(node, kind));
        }
    }

    private static string NameOf(MemberDeclarationSyntax member) => member.ToString().Split('\n')[0];

    private static IEnumerable<int> Numbered(SyntaxNode node, string kind) =>
        node.GetAnnotations(kind).Select(mark => int.Parse(mark.Data!));

    private MutantMaker Make(Source source)
    {
        var maker = new MutantMaker(source.Name, source.Text, source.Spans, _leftOut.Contains, source.First);
        maker.Run(source.Tree.GetRoot());
        return maker;
    }

    private sealed record Source(string Name, SourceText Text, SyntaxTree Tree, IReadOnlyList<TextSpan> Spans, int First);
}
