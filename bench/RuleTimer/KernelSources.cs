using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.RuleTimer;

/// <summary>The rooms of the kernel image, parsed.</summary>
/// <param name="Rooms">Name and sources of each, what a room refers to before it.</param>
/// <param name="LineCount">Lines of all sources.</param>
/// <param name="Lists">What rules compare the sources with.</param>
internal sealed record KernelSources(
    IReadOnlyList<(string Name, IReadOnlyList<SyntaxTree> Trees)> Rooms, int LineCount, ImmutableArray<AdditionalText> Lists)
{
    // As kernel/Directory.Build.props has it. This Roslyn calls C# 14 "preview".
    private static readonly CSharpParseOptions s_language = new(LanguageVersion.Preview, preprocessorSymbols: ["ATOLL_IMAGE"]);

    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>Reads the rooms that kernel/Image names.</summary>
    public static KernelSources Read(string repository)
    {
        string kernel = Path.Combine(repository, "kernel");
        string rooms = (string)XDocument.Load(Path.Combine(kernel, "Image", "Image.props")).Descendants("Room").Single().Attribute("Include")!;
        SyntaxTree profile = Parse(Path.Combine(kernel, "KernelProfile.cs"));
        (string, IReadOnlyList<SyntaxTree> Trees)[] parsed =
        [
            .. rooms.Split(';').Select(room => (room, (IReadOnlyList<SyntaxTree>)[profile, .. FilesOf(Path.Combine(kernel, room)).Select(Parse)])),
        ];
        return new KernelSources(
            parsed,
            parsed.Sum(room => room.Trees.Sum(tree => tree.GetText().Lines.Count)),
            [.. Directory.EnumerateFiles(kernel, "*.txt").Order(StringComparer.Ordinal).Select(path => new ListFile(path))]);
    }

    /// <summary>Compilations in which nothing is bound yet.</summary>
    public IEnumerable<CSharpCompilation> Compile()
    {
        List<MetadataReference> references = [];
        foreach ((string name, IReadOnlyList<SyntaxTree> trees) in Rooms)
        {
            // Arch.X64 is the room Arch of the image.
            var compilation = CSharpCompilation.Create($"Atoll.{name.Replace(".X64", "", StringComparison.Ordinal)}", trees, references, s_options);
            references.Add(compilation.ToMetadataReference());
            yield return compilation;
        }
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static SyntaxTree Parse(string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), s_language, path);
}
