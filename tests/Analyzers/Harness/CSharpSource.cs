using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Analyzers.Tests.Harness;

/// <summary>How the tests parse and compile C#.</summary>
public static class CSharpSource
{
    /// <summary>The newest language that this Roslyn has, as the kernel uses the newest of its own.</summary>
    public static CSharpParseOptions ParseOptions { get; } =
        new(LanguageVersion.Preview, DocumentationMode.Parse, SourceCodeKind.Regular, ["ATOLL_IMAGE"]);

    /// <summary>A library with pointers and nullable references, as the kernel's rooms are.</summary>
    public static CSharpCompilationOptions Options { get; } = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable,
        optimizationLevel: OptimizationLevel.Release);

    /// <summary>Parses one file.</summary>
    public static SyntaxTree Parse(string text, string path = "Test.cs") =>
        CSharpSyntaxTree.ParseText(text, ParseOptions, path);
}
