using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Protocols.Tests.Generation;

/// <summary>Runs the generators over sources that see what a service sees: the core library, kernel/Abi, services/Lib.</summary>
/// <remarks>Of services/Lib without channels, which see rooms of the kernel, and without sockets, which are a room of their own.</remarks>
internal sealed class GeneratorRun
{
    private static readonly string[] s_otherRooms = ["Host", "Channels", "Sockets"];

    private const string Room = "Atoll.Services.Protocols";

    private static readonly ImmutableArray<MetadataReference> s_rooms = CompileRooms();

    private GeneratorRun(CSharpCompilation compilation, IEnumerable<AdditionalText> files)
    {
        Driver = CSharpGeneratorDriver.Create(
                [new ProtocolGenerator().AsSourceGenerator(), new ProgramGenerator().AsSourceGenerator()],
                files,
                CSharpSource.ParseOptions,
                driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out ImmutableArray<Diagnostic> found);
        Before = compilation;
        Output = output;
        Found = found;
    }

    /// <summary>The generators, and what they remember.</summary>
    public GeneratorDriver Driver { get; }

    /// <summary>What was compiled.</summary>
    public CSharpCompilation Before { get; }

    /// <summary>The same, with what was made.</summary>
    public Compilation Output { get; }

    /// <summary>What the generators report.</summary>
    public ImmutableArray<Diagnostic> Found { get; }

    /// <summary>What was made: name without folder and extensions, text.</summary>
    public IReadOnlyDictionary<string, string> Made => Driver.GetRunResult().GeneratedTrees.ToDictionary(
        tree => Path.GetFileName(tree.FilePath).Replace(".g.cs", "", StringComparison.Ordinal), tree => tree.ToString());

    /// <summary>Runs over sources.</summary>
    /// <param name="sources">C#, by path.</param>
    /// <param name="files">Files of ids, by path.</param>
    /// <param name="room">Name of the assembly.</param>
    public static GeneratorRun Over(IEnumerable<(string Path, string Text)> sources, IEnumerable<(string Path, string Text)> files, string room = Room)
    {
        CSharpCompilation compilation = TestPlatform.Kernel
            .Compile(sources.Select(source => CSharpSource.Parse(source.Text, source.Path)), room)
            .AddReferences(s_rooms);
        return new GeneratorRun(compilation, files.Select(file => new TextFile(file.Path, file.Text)));
    }

    /// <summary>The sample protocol of these tests.</summary>
    public static GeneratorRun OverSample(string ids = "") => Over(
        [("ISample.cs", Read("tests", "Protocols", "Sample", "ISample.cs"))],
        [("sample.protocol.txt", ids.Length > 0 ? ids : Read("tests", "Protocols", "Sample", "sample.protocol.txt"))]);

    /// <summary>The room services/Protocols.</summary>
    public static GeneratorRun OverProtocols()
    {
        string folder = Repository.PathOf("services", "Protocols");
        return Over(
            Repository.CSharpFiles(folder).Where(IsWithoutChannels).Select(path => (path, File.ReadAllText(path))),
            Directory.EnumerateFiles(folder, "*.protocol.txt").Select(path => (path, File.ReadAllText(path))),
            Room);
    }

    // The rooms here are compiled without channels. Nothing is generated of what sends messages of its own; the build holds it to the rules.
    private static bool IsWithoutChannels(string path) => !path.Split(Path.DirectorySeparatorChar).Contains("Stops");

    private static string Read(params string[] path) => File.ReadAllText(Repository.PathOf(path)).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static ImmutableArray<MetadataReference> CompileRooms()
    {
        MetadataReference abi = CompileRoom("Atoll.Abi", Repository.PathOf("kernel", "Abi"), []);
        return [abi, CompileRoom("Atoll.Services.Lib", Repository.PathOf("services", "Lib"), [abi])];
    }

    private static MetadataReference CompileRoom(string name, string folder, IEnumerable<MetadataReference> references)
    {
        IEnumerable<SyntaxTree> sources = Repository.CSharpFiles(folder)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(s_otherRooms).Any())
            .Append(Repository.PathOf("kernel", "KernelProfile.cs"))
            .Select(path => CSharpSource.Parse(File.ReadAllText(path), path));
        CSharpCompilation room = CSharpCompilation.Create(name, sources, TestPlatform.Kernel.References.Concat(references), CSharpSource.Options);
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = room.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
