using System.Xml.Linq;

namespace Atoll.Image.Tests;

/// <summary>The image names what it was made with.</summary>
public sealed class ImageInputsTests
{
    [Theory]
    [InlineData("runtime.linux-x64.Microsoft.DotNet.ILCompiler")]
    [InlineData("Iced")]
    public void KernelImage_NamesThePackage_InTheVersionThatTheRepositoryAsksFor_WithItsHash(string package)
    {
        string version = XDocument.Load(KernelImage.In("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(element => element.Attribute("Include")!.Value == package).Attribute("Version")!.Value.Trim('[', ']');

        // SHA-512 in base64 has 88 characters.
        Assert.Matches(
            $"^package {package.Replace(".", "\\.")} {version} sha512:[A-Za-z0-9+/]{{86}}==$",
            Assert.Single(KernelImage.Inspect().Inputs, input => input.StartsWith($"package {package} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void KernelImage_NamesTheCompilerOfCSharp() =>
        Assert.Single(KernelImage.Inspect().Inputs, input => System.Text.RegularExpressions.Regex.IsMatch(
            input, @"^tool dotnet-sdk\.csc 10\.0\.\d+ sha256:[0-9a-f]{64}$"));
}
