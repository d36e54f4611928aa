using System.IO.Compression;
using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Package.Tests;

/// <summary>The rules and fixes as they are in the package.</summary>
public sealed class PackedRules
{
    private static readonly Lock s_gate = new();
    private static Assembly[]? s_assemblies;

    /// <summary>Loads them.</summary>
    public PackedRules(LocalFeed feed)
    {
        lock (s_gate)
        {
            s_assemblies ??= Load(feed);
        }
    }

    /// <summary>The analyzers.</summary>
    public IEnumerable<DiagnosticAnalyzer> Analyzers => All<DiagnosticAnalyzer>();

    /// <summary>The fixes.</summary>
    public IEnumerable<CodeFixProvider> Fixes => All<CodeFixProvider>();

    private static IEnumerable<T> All<T>() =>
        s_assemblies!.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
            .Select(type => (T)Activator.CreateInstance(type)!);

    private static Assembly[] Load(LocalFeed feed)
    {
        string folder = Path.Combine(feed.Root, "unpacked");
        ZipFile.ExtractToDirectory(feed.PathOf("Atoll.Analyzers"), folder);
        return [.. Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Reverse().Select(Assembly.LoadFrom)];
    }
}
