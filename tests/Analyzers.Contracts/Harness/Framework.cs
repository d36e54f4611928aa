using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Contracts.Tests.Harness;

/// <summary>Microsoft.NETCore.App, as a compiler sees it.</summary>
public static class Framework
{
    /// <summary>The reference assemblies of the installed SDK.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. Directory.EnumerateFiles(Folder(), "*.dll").Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static string Folder()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string packs = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        return Directory.EnumerateDirectories(packs).Select(version => Path.Combine(version, "ref", $"net{Environment.Version.Major}.0"))
            .Last(Directory.Exists);
    }
}

/// <summary>The attributes that the generator would give a project.</summary>
public static class Attributes
{
    /// <summary>As trees.</summary>
    public static IEnumerable<SyntaxTree> Trees(CSharpParseOptions options) =>
    [
        CSharpSyntaxTree.ParseText(Resource.Read("Attributes.txt"), options, AttributeGenerator.FileName),
        CSharpSyntaxTree.ParseText(
            "namespace Microsoft.CodeAnalysis { [Embedded] internal sealed class EmbeddedAttribute : global::System.Attribute { } }", options, "Embedded.g.cs"),
    ];
}
