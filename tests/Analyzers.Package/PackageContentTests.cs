using System.IO.Compression;
using System.Xml.Linq;

namespace Atoll.Package.Tests;

/// <summary>What is in the package, and what it says about itself.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed class PackageContentTests(LocalFeed feed)
{
    [Fact]
    public void Analyzers_HasRulesAndFixesApart_AndADocPageForEachHelpLink()
    {
        using ZipArchive package = ZipFile.OpenRead(feed.PathOf("Atoll.Analyzers"));
        string[] entries = [.. package.Entries.Select(entry => entry.FullName)];

        Assert.Equal(
            ["analyzers/dotnet/roslyn4.14/cs/Atoll.Contracts.CodeFixes.dll", "analyzers/dotnet/roslyn4.14/cs/Atoll.Contracts.dll"],
            entries.Where(entry => entry.EndsWith(".dll", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("README.md", entries);
        Assert.Contains("icon.png", entries);
        Assert.Contains("build/Atoll.Analyzers.props", entries);
        Assert.Contains("build/Atoll.Analyzers.targets", entries);
        Assert.All(new PackedRules(feed).Analyzers.SelectMany(one => one.SupportedDiagnostics), rule => Assert.Contains(rule.HelpLinkUri, entries));
    }

    [Fact]
    public void Analyzers_IsADevelopmentDependency_WithLicenceIconAndReadme()
    {
        using ZipArchive package = ZipFile.OpenRead(feed.PathOf("Atoll.Analyzers"));
        XElement metadata = XDocument.Load(package.GetEntry("Atoll.Analyzers.nuspec")!.Open()).Root!.Elements().First();
        string? Value(string name) => metadata.Elements().FirstOrDefault(one => one.Name.LocalName == name)?.Value;

        Assert.Equal("true", Value("developmentDependency"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Equal("README.md", Value("readme"));
        Assert.DoesNotContain(metadata.Descendants(), one => one.Name.LocalName == "dependency");
    }
}
