using Atoll.Bench.Foreign;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.RuleTimer;

/// <summary>Code that was not written for the rules and breaks most of them at every other line, under the profile.</summary>
internal static class ForeignSources
{
    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.Linq;
        """;

    // What the attributes that rules look for are declared in, and the profile.
    private static readonly string[] s_kernelFolders = [Path.Combine("kernel", "CoreLib", "Atoll")];

    private static readonly CSharpParseOptions s_language = new(LanguageVersion.Preview);

    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);

    // Assemblies of the SDK, some 40 000 lines.
    private static readonly string[] s_assemblies = ["Newtonsoft.Json.dll", "System.CommandLine.dll"];

    /// <summary>The rules themselves. They compile.</summary>
    public static (IReadOnlyList<SyntaxTree> Trees, int LineCount) OfTheRules(string repository) => Framed(
        repository,
        [
            CSharpSyntaxTree.ParseText(Usings, s_language, "Usings.cs"),
            .. FilesOf(Path.Combine(repository, "analyzers", "Atoll.Analyzers")).Where(static path => Path.GetFileName(path) != "Usings.cs").Select(Parse),
        ]);

    /// <summary>Code of others. What was decompiled compiles for the most part.</summary>
    public static (IReadOnlyList<SyntaxTree> Trees, int LineCount) OfTheSdk(string repository) => Framed(
        repository,
        [
            .. s_assemblies.SelectMany(assembly => SdkSources.TypesOf(repository, assembly)
                .Select((type, index) => CSharpSyntaxTree.ParseText(SourceText.From(type), s_language, $"{assembly}.{index}.cs"))),
        ]);

    private static (IReadOnlyList<SyntaxTree> Trees, int LineCount) Framed(string repository, IReadOnlyList<SyntaxTree> code)
    {
        SyntaxTree[] frame =
        [
            .. s_kernelFolders.SelectMany(folder => FilesOf(Path.Combine(repository, folder))).Select(Parse),
            Parse(Path.Combine(repository, "kernel", "KernelProfile.cs")),
        ];
        return ([.. frame, .. code], code.Sum(static tree => tree.GetText().Lines.Count));
    }

    /// <summary>A compilation in which nothing is bound yet, against .NET and the Roslyn that this program has beside it.</summary>
    public static CSharpCompilation Compile(IReadOnlyList<SyntaxTree> trees) => CSharpCompilation.Create(
        "Atoll.Foreign",
        trees,
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileNameWithoutExtension(path) is not ("Atoll.Analyzers" or "Atoll.RuleTimer"))
            .Select(static path => MetadataReference.CreateFromFile(path)),
        s_options);

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static SyntaxTree Parse(string path) => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), s_language, path);
}
