using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Scripts;

/// <summary><c>build.ps1</c> under PowerShell, a tool of <c>.config/dotnet-tools.json</c>, in a folder whose name is a pattern.</summary>
[Collection(ScriptCollection.Name)]
public sealed class PowerShellTests
{
    // A caller whose session makes exceptions of failing programs.
    private const string StrictCaller = "$ErrorActionPreference = 'Stop'; $PSNativeCommandUseErrorActionPreference = $true; ";

    [Fact]
    public void Verbs_ExitCodesAndInput_AreThoseOfTheHostProgram()
    {
        using var checkout = new CheckoutCopy(isBuilt: true);

        ScriptOutcome outcome = PowerShell(
            checkout,
            StrictCaller
                + "$env:DOTNET_NOLOGO = 'mine'; $env:MSBUILDDISABLENODEREUSE = $null; $before = (Get-Variable).Name; "
                + "& './build.ps1' doctor; \"doctor: $LASTEXITCODE\"; "
                + "& './build.ps1' image; \"image: $LASTEXITCODE\"; "
                + "& './build.ps1' vm nosuch; \"nosuch: $LASTEXITCODE\"; "
                + "'q' | & './build.ps1' run --boot workload=ring; \"run: $LASTEXITCODE\"; "
                + "\"left: $((Get-Variable).Name | Where-Object { $_ -notin $before -and $_ -notin 'before', 'LASTEXITCODE' })\"; "
                + "\"environment: $env:DOTNET_NOLOGO$env:MSBUILDDISABLENODEREUSE\"");

        Assert.True(outcome.Code == 0, outcome.Everything);
        string[] lines = outcome.Output.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("doctor: 0", lines);
        Assert.Contains("artifacts/atoll.elf", lines);
        Assert.Contains("image: 0", lines);
        Assert.Contains("nosuch: 1", lines);
        Assert.Contains("no scenario 'nosuch'", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.EndsWith("s: pass", StringComparison.Ordinal));
        Assert.Contains("run: 0", lines);
        Assert.Contains("left:", lines);
        Assert.Contains("environment: mine", lines);
        Assert.DoesNotContain("building", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ExitCode_IsTheProcess()
    {
        using var checkout = new CheckoutCopy(isBuilt: true);

        Assert.Equal(1, Run(checkout, ["-File", "./build.ps1", "vm", "nosuch"]).Code);
        Assert.Equal(0, Run(checkout, ["-File", "./build.ps1", "vm", "--list"]).Code);
    }

    [Fact]
    public void FolderThatCannotBeWritten_IsNamed()
    {
        using var checkout = new CheckoutCopy(isBuilt: false);
        File.WriteAllText(Path.Combine(checkout.Root, "artifacts"), "a file, where a folder should be");

        ScriptOutcome outcome = Run(checkout, ["-File", "./build.ps1", "doctor"]);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("cannot write to ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", outcome.Everything, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void FirstBuild_MakesTheImage()
    {
        using var checkout = new CheckoutCopy(isBuilt: false);

        ScriptOutcome outcome = PowerShell(checkout, StrictCaller + "& './build.ps1' image; \"image: $LASTEXITCODE\"");

        Assert.Contains("image: 0", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("building the host program", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Build succeeded", outcome.Everything, StringComparison.Ordinal);
        Assert.Equal(
            File.ReadAllBytes(Script.Repository.Image), File.ReadAllBytes(Path.Combine(checkout.Root, "artifacts", "atoll.elf")));
    }

    private static ScriptOutcome PowerShell(CheckoutCopy checkout, string commands) => Run(checkout, ["-Command", commands]);

    private static ScriptOutcome Run(CheckoutCopy checkout, IEnumerable<string> arguments)
    {
        Dotnet.RestoreTools();
        string[] command = ["tool", "run", "pwsh", "--", "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments];
        return Script.Run("dotnet", command, checkout.Root);
    }
}
