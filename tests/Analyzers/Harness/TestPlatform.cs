using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Atoll.Analyzers.Tests.Harness;

/// <summary>What a test's source is compiled against.</summary>
public sealed class TestPlatform
{
    /// <summary>kernel/CoreLib, compiled from its sources: what the kernel's rooms see.</summary>
    public static TestPlatform Kernel { get; } = new(CompileCoreLib());

    /// <summary>
    /// Microsoft.NETCore.App: what an ordinary .NET user sees, who declares the Atoll attributes in source.
    /// </summary>
    public static TestPlatform DotNet { get; } = new(
        [.. RuntimeLibraries()],
        [.. Repository.CSharpFiles(Repository.PathOf("kernel", "CoreLib", "Atoll")).Select(ParseFile)]);

    /// <summary>Nothing: the test's source is the core library.</summary>
    public static TestPlatform Bare { get; } = new([], []);

    private static readonly SyntaxTree s_usings = CSharpSource.Parse(
        """
        global using System;
        global using System.Runtime;
        global using System.Runtime.CompilerServices;
        global using System.Runtime.InteropServices;
        global using System.Threading;
        global using Atoll;
        """,
        "Usings.cs");

    private static readonly SyntaxTree s_profile =
        CSharpSource.Parse("[assembly: Atoll.KernelProfile]", "KernelProfile.cs");

    private readonly ImmutableArray<MetadataReference> _references;
    private readonly ImmutableArray<byte> _image = [];
    private readonly ImmutableArray<SyntaxTree> _sources;

    // What all compilations share: Roslyn then binds the references once, and most of a test's time is that.
    private readonly ConcurrentDictionary<(string Name, bool HasProfile), CSharpCompilation> _bases = new();

    private TestPlatform(ImmutableArray<MetadataReference> references, ImmutableArray<SyntaxTree> sources)
    {
        _references = references;
        _sources = sources;
    }

    private TestPlatform(ImmutableArray<byte> image)
        : this([MetadataReference.CreateFromImage(image)], [])
        => _image = image;

    /// <summary>The references of the platform.</summary>
    public ImmutableArray<MetadataReference> References => _references;

    /// <summary>Compiles sources, with <c>[assembly: KernelProfile]</c> unless told otherwise.</summary>
    public CSharpCompilation Compile(
        IEnumerable<SyntaxTree> sources, string assemblyName = "Atoll.Test", bool hasProfile = true) =>
        _bases.GetOrAdd((assemblyName, hasProfile), key => CSharpCompilation.Create(
                key.Name,
                [.. _sources, s_usings, .. key.HasProfile ? [s_profile] : Array.Empty<SyntaxTree>()],
                _references,
                CSharpSource.Options))
            .AddSyntaxTrees(sources)
            .WithOptions(OptionsFor(sources));

    /// <summary>Other files that belong to every compilation of this platform.</summary>
    public IEnumerable<SyntaxTree> Prelude => [.. _sources, s_usings, s_profile];

    /// <summary>A reference to more source, compiled as an assembly of its own.</summary>
    public MetadataReference Reference(string source, string assemblyName, bool hasProfile) =>
        MetadataReference.CreateFromImage(Emit(Compile([CSharpSource.Parse(source)], assemblyName, hasProfile)));

    /// <summary>
    /// The references as files, for a compiler that runs as a process. What has no file is written to the folder.
    /// </summary>
    public IEnumerable<string> ReferenceFiles(string folder)
    {
        if (_image.IsEmpty)
        {
            // Loading all of .NET takes longer than compiling a test. The facade is what an assembly beside CoreLib refers to.
            string runtime = typeof(object).Assembly.Location;
            return [runtime, Path.Combine(Path.GetDirectoryName(runtime)!, "System.Runtime.dll"), typeof(Console).Assembly.Location];
        }

        string path = Path.Combine(folder, "Atoll.CoreLib.dll");
        File.WriteAllBytes(path, [.. _image]);
        return [path];
    }

    // Top-level statements need an entry point.
    private static CSharpCompilationOptions OptionsFor(IEnumerable<SyntaxTree> sources) =>
        sources.Any(static tree => tree.GetCompilationUnitRoot().Members.Any(SyntaxKind.GlobalStatement))
            ? CSharpSource.Options.WithOutputKind(OutputKind.ConsoleApplication)
            : CSharpSource.Options;

    private static IEnumerable<MetadataReference> RuntimeLibraries()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == folder)
            .Select(path => MetadataReference.CreateFromFile(path));
    }

    private static SyntaxTree ParseFile(string path) => CSharpSource.Parse(File.ReadAllText(path), path);

    private static ImmutableArray<byte> CompileCoreLib()
    {
        string folder = Repository.PathOf("kernel", "CoreLib");
        IEnumerable<SyntaxTree> sources = Repository.CSharpFiles(folder)
            .Append(Repository.PathOf("kernel", "KernelProfile.cs"))
            .Select(ParseFile);
        return Emit(CSharpCompilation.Create("Atoll.CoreLib", sources, [], CSharpSource.Options));
    }

    private static ImmutableArray<byte> Emit(CSharpCompilation compilation)
    {
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image, options: new EmitOptions(runtimeMetadataVersion: "v4.0.30319"));
        return result.Success
            ? [.. image.ToArray()]
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }
}
