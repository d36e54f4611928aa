using ICSharpCode.Decompiler;
using ICSharpCode.Decompiler.CSharp;
using ICSharpCode.Decompiler.TypeSystem;

namespace Atoll.Bench.Foreign;

/// <summary>C# that nobody here wrote and every machine has that builds this: assemblies of the SDK, decompiled.</summary>
internal static class SdkSources
{
    private const string Separator = "\n//////// next type\n";

    /// <summary>The source of each type of an assembly; none when the SDK does not have it.</summary>
    /// <remarks>Kept in <c>artifacts/foreign</c>, because decompiling takes longer than all else.</remarks>
    public static IReadOnlyList<string> TypesOf(string repository, string assembly)
    {
        string file = Path.Combine(SdkFolder(), assembly);
        if (!File.Exists(file))
        {
            return [];
        }

        string kept = Path.Combine(repository, "artifacts", "foreign");
        string text = Path.Combine(kept, Path.GetFileNameWithoutExtension(assembly) + ".txt");
        if (!File.Exists(text))
        {
            Directory.CreateDirectory(kept);
            File.WriteAllText(text, string.Join(Separator, Types(file)));
        }

        return File.ReadAllText(text).Split(Separator);
    }

    private static IEnumerable<string> Types(string assembly)
    {
        var decompiler = new CSharpDecompiler(assembly, new DecompilerSettings { ThrowOnAssemblyResolveErrors = false });
        foreach (ITypeDefinition type in decompiler.TypeSystem.MainModule.TopLevelTypeDefinitions.Where(type => !type.Name.StartsWith('<')))
        {
            yield return decompiler.DecompileTypeAsString(type.FullTypeName);
        }
    }

    private static string SdkFolder()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory.EnumerateDirectories(Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "sdk"))).Order(StringComparer.Ordinal).Last();
    }
}
