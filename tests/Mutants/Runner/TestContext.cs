using System.Reflection;
using System.Runtime.Loader;

namespace Atoll.Mutants;

/// <summary>The assemblies of a test project, with the mutated one in the place of the room's own.</summary>
internal sealed class TestContext : AssemblyLoadContext
{
    private readonly string _folder;
    private readonly MutatedAssembly _mutated;
    private Assembly? _room;

    /// <summary>Loads.</summary>
    /// <param name="tests">File of the tests' assembly.</param>
    /// <param name="mutated">The room.</param>
    internal TestContext(string tests, MutatedAssembly mutated)
        : base("tests")
    {
        _folder = Path.GetDirectoryName(tests)!;
        _mutated = mutated;

        // Tests find their files by it, and compile against what it names.
        AppContext.SetData("APP_CONTEXT_BASE_DIRECTORY", _folder + Path.DirectorySeparatorChar);
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        IEnumerable<string> own = platform.Split(Path.PathSeparator).Where(path => !path.StartsWith(AppDomain.CurrentDomain.BaseDirectory, StringComparison.Ordinal));
        AppContext.SetData("TRUSTED_PLATFORM_ASSEMBLIES", string.Join(Path.PathSeparator, own.Concat(Directory.EnumerateFiles(_folder, "*.dll"))));
        Tests = LoadFromAssemblyPath(tests);
        Room = Load(new AssemblyName(mutated.Name))!;
    }

    /// <summary>The tests.</summary>
    internal Assembly Tests { get; }

    /// <summary>The room.</summary>
    internal Assembly Room { get; }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == _mutated.Name)
        {
            return _room ??= LoadFromStream(new MemoryStream(_mutated.Image));
        }

        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string runtime = Path.Combine(_folder, "runtimes", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "native");
        string? found = new[] { $"lib{unmanagedDllName}.so", $"{unmanagedDllName}.dll", unmanagedDllName }
            .Select(name => Path.Combine(runtime, name)).FirstOrDefault(File.Exists);
        return found is null ? 0 : LoadUnmanagedDllFromPath(found);
    }
}
