using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Atoll.Analyzers.Tests.Gate;

/// <summary>Analyzer assemblies that a compiler cannot load, cannot run, or runs without being any the wiser.</summary>
public static class BrokenRules
{
    /// <summary>Refers to a Roslyn that is newer than any compiler.</summary>
    public const string Newer = "Newer";

    /// <summary>Its analyzer's constructor throws.</summary>
    public const string Unmakeable = "Unmakeable";

    /// <summary>Not an assembly.</summary>
    public const string Garbage = "Garbage";

    /// <summary>Its analyzer throws while it analyzes.</summary>
    public const string Crashing = "Crashing";

    /// <summary>Its analyzer runs, and is none of the kernel's rules.</summary>
    public const string Other = "Other";

    /// <summary>Reports a rule's id, as a mere warning.</summary>
    public const string Mild = "Mild";

    /// <summary>Writes all of them to a folder.</summary>
    public static void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, $"{Garbage}.dll"), "MZ, and nothing after it");
        Write(folder, Unmakeable, Analyzer("public Rule() => throw new System.InvalidOperationException();", "{ }"), Roslyn);
        Write(folder, Other, Analyzer("", "{ }"), Roslyn);
        Write(
            folder,
            Crashing,
            Analyzer("", "=> context.RegisterCompilationAction(_ => throw new System.InvalidOperationException());"),
            Roslyn);
        Write(
            folder,
            Mild,
            Analyzer(
                "",
                "=> context.RegisterCompilationAction(end => end.ReportDiagnostic(Diagnostic.Create(SupportedDiagnostics[0], Location.None)));"),
            Roslyn);
        string newRoslyn = Write(folder, "Microsoft.CodeAnalysis", FutureRoslyn, []);
        Write(
            folder,
            Newer,
            """
            [Microsoft.CodeAnalysis.Diagnostics.DiagnosticAnalyzer("C#")]
            public sealed class Rule : Microsoft.CodeAnalysis.Diagnostics.DiagnosticAnalyzer;
            """,
            [MetadataReference.CreateFromFile(newRoslyn)]);
    }

    private const string FutureRoslyn =
        """
        [assembly: System.Reflection.AssemblyVersion("99.0.0.0")]
        namespace Microsoft.CodeAnalysis.Diagnostics
        {
            public class DiagnosticAnalyzer;
            public sealed class DiagnosticAnalyzerAttribute(string first, params string[] others) : System.Attribute
            {
                public string First => others.Length == 0 ? first : others[0];
            }
        }
        """;

    private static IEnumerable<MetadataReference> Roslyn =>
    [
        MetadataReference.CreateFromFile(typeof(Compilation).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(System.Collections.Immutable.ImmutableArray).Assembly.Location),
    ];

    private static string Analyzer(string constructor, string initialize) =>
        $$"""
        using System.Collections.Immutable;
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.Diagnostics;

        [DiagnosticAnalyzer("C#")]
        public sealed class Rule : DiagnosticAnalyzer
        {
            {{constructor}}
            public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
                ImmutableArray.Create(new DiagnosticDescriptor("ATL0009", "t", "m", "c", DiagnosticSeverity.Warning, true));
            public override void Initialize(AnalysisContext context) {{initialize}}
        }
        """;

    private static string Write(string folder, string name, string source, IEnumerable<MetadataReference> references)
    {
        string path = Path.Combine(folder, $"{name}.dll");
        EmitResult result = CSharpCompilation.Create(
            name,
            [CSharpSource.Parse(source)],
            [.. TestPlatform.DotNet.References, .. references],
            CSharpSource.Options.WithNullableContextOptions(NullableContextOptions.Disable)).Emit(path);
        return result.Success ? path : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }
}
