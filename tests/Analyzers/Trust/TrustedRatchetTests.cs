using System.Text;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Analyzers.Trust;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>
/// kernel/Trusted.txt as the sources would have it. ATL1002 says the same in each build; this test covers the order and
/// rooms that no image has, and writes the file.
/// </summary>
public sealed class TrustedRatchetTests
{
    private static readonly (string Folder, string Prefix)[] s_folders = [("kernel", "Atoll."), ("services", "Atoll.Services.")];

    [Fact]
    public void TrustedPlaces_AreTheOnesThatWereReviewed()
    {
        string path = Repository.PathOf("kernel", TrustedPlace.ListName);
        string present = Describe();
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            File.WriteAllText(path, present);
        }

        string reviewed = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(
            present == reviewed,
            "kernel/Trusted.txt is not what the sources say; './build.sh test analyzers --accept' updates it.\n"
                + Difference(reviewed, present));
    }

    private static string Describe()
    {
        var text = new StringBuilder(
            """
            # Every place of the kernel and its services that ends a proof ([Trusted]): assembly, declaration, reason. ATL1002 keeps
            # the list true (docs/rules/ATL1002.md); './build.sh test analyzers --accept' writes it.

            """.ReplaceLineEndings("\n"));
        foreach (string line in s_folders.SelectMany(folder => Lines(folder.Folder, folder.Prefix)).Order(StringComparer.Ordinal))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(string folder, string prefix) =>
        from file in Repository.CSharpFiles(Repository.PathOf(folder))
        let parts = Path.GetRelativePath(Repository.PathOf(folder), file).Split(Path.DirectorySeparatorChar)
        where !parts.Any(static part => part is "bin" or "obj") && !parts[0].EndsWith(".Host", StringComparison.Ordinal)
        from attribute in CSharpSource.Parse(File.ReadAllText(file)).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() is "Trusted" or "Atoll.Trusted"
        select TrustedPlace.Line(prefix + Room(parts, folder), attribute, Reason(attribute));

    // The innermost folder that has a project: services/Net is the room Net, services/Net/Stack the room Net.Stack.
    private static string Room(string[] parts, string folder)
    {
        int depth = parts.Length - 1;
        while (depth > 1 && !Directory.EnumerateFiles(Path.Combine([Repository.PathOf(folder), .. parts[..depth]]), "*.csproj").Any())
        {
            depth--;
        }

        return string.Join('.', parts[..depth]).Replace(".X64", "", StringComparison.Ordinal);
    }

    // Without binding: the reasons are literals, and the rule finds it if one is not.
    private static string Reason(AttributeSyntax attribute) =>
        attribute.DescendantTokens().Single(static token => token.IsKind(SyntaxKind.StringLiteralToken)).ValueText;

    private static string Difference(string reviewed, string present)
    {
        string[] before = reviewed.Split('\n');
        string[] now = present.Split('\n');
        return string.Join('\n', [.. before.Except(now).Select(static line => $"- {line}"), .. now.Except(before).Select(static line => $"+ {line}")]);
    }
}
