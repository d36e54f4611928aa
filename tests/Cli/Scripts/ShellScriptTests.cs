namespace Atoll.Cli.Tests.Scripts;

/// <summary><c>build.sh</c> where the network, the right to write or the folder is not what one is used to.</summary>
[Collection(ScriptCollection.Name)]
public sealed class ShellScriptTests
{
    [Fact]
    public void CheckoutThatIsBuilt_NeedsNoRightToWrite()
    {
        using var checkout = new CheckoutCopy(isBuilt: true);

        ScriptOutcome outcome = ReadOnly(checkout, "./build.sh image && ./build.sh run --boot workload=ring --for 1 --cores 1");

        Assert.True(outcome.Code == 0, outcome.Everything);
    }

    [Theory]
    [InlineData(true, "./build.sh test cli")]
    [InlineData(false, "./build.sh doctor")]
    public void CheckoutThatCannotBeWritten_IsNamed(bool isBuilt, string command)
    {
        using var checkout = new CheckoutCopy(isBuilt);
        Directory.CreateDirectory(Path.Combine(checkout.Root, "tests", "Cli"));
        File.WriteAllText(Path.Combine(checkout.Root, "tests", "Cli", "Cli.Tests.csproj"), "<Project/>");

        ScriptOutcome outcome = ReadOnly(checkout, command);

        Assert.Equal(1, outcome.Code);
        Assert.Contains($"cannot write to {checkout.Root}/artifacts", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_NeedsNoNetwork_WherePackagesAreCached()
    {
        using var checkout = new CheckoutCopy(isBuilt: false);

        // A proxy that nobody is, and no answer of an earlier day: what NuGet would ask over the network it does not get.
        ScriptOutcome outcome = Script.Run(
            "bash",
            ["-c", "export https_proxy=http://127.0.0.1:9 http_proxy=http://127.0.0.1:9 NUGET_HTTP_CACHE_PATH=$PWD/empty; dotnet restore cli"],
            checkout.Root);

        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.DoesNotContain("NU1900", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_AreWhereTheCallerStands()
    {
        Directory.CreateDirectory(Script.Repository.In("artifacts", "elsewhere"));
        File.Copy(Script.Repository.Image, Script.Repository.In("artifacts", "elsewhere", "here.elf"), overwrite: true);

        ScriptOutcome outcome = Script.Run("cd artifacts/elsewhere && ../../build.sh image inspect here.elf");

        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.Contains("here.elf", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate", "'frobnicate' is not understood")]
    [InlineData("image inspect README.md", "'README.md' is no ELF file")]
    [InlineData("bench linker --json docs", "docs' is a folder; name a file")]
    [InlineData("vm nosuch", "no scenario 'nosuch'")]
    [InlineData("run --cores 0", "--cores takes a whole number from 1 to 255, not '0'")]
    [InlineData("--help", "")]
    public void WhatIsSaid_NamesCauseAndNothingInside(string arguments, string said)
    {
        ScriptOutcome outcome = Script.Run($"./build.sh {arguments}");

        Assert.Equal(said.Length == 0 ? 0 : 1, outcome.Code);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Atoll.", outcome.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", outcome.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("building", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void NameThatNoTestHas_CostsNoBuild()
    {
        // Not written down: it would then be a word of this project's sources.
        string name = $"T{Guid.NewGuid():N}";

        ScriptOutcome outcome = Script.Run($"./build.sh test {name}");

        Assert.Equal(1, outcome.Code);
        Assert.Contains($"no test matches '{name}'", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("0 passed, 0 failed, 0 skipped", outcome.Output.Trim());
        Assert.DoesNotContain("building", outcome.Errors, StringComparison.Ordinal);
    }

    // In a name space of mounts of its own, the folder can be mounted so that not even root may write.
    private static ScriptOutcome ReadOnly(CheckoutCopy checkout, string command) => Script.Run(
        "unshare",
        ["--map-root-user", "--mount", "bash", "-c", $"mount --bind . . && mount -o remount,ro,bind . && cd \"$PWD\" && {command}"],
        checkout.Root);
}
