namespace Atoll.Cli.Tests.Scripts;

/// <summary><c>build.sh</c> before the host program runs: what somebody types meanwhile is kept. <c>dotnet</c> is a stand-in.</summary>
[Collection(ScriptCollection.Name)]
public sealed class HostBuildScriptTests : IDisposable
{
    private const string TellInput = "if [ $1 = exec ]; then read -r key; echo runs: $key; else read -r key; echo build: $key; fi";

    private readonly DirectoryInfo _checkout = Directory.CreateTempSubdirectory("atoll-");

    public HostBuildScriptTests()
    {
        File.Copy(Script.Repository.In("build.sh"), PathOf("build.sh"));
        Write("cli/Program.cs", "");
        Write("artifacts/bin/cli/release/Atoll.Cli.dll", "");
        Write("artifacts/cli.stamp", "");
        File.SetLastWriteTimeUtc(PathOf("cli/Program.cs"), DateTime.UtcNow.AddHours(-1));
        File.SetLastWriteTimeUtc(PathOf("cli"), DateTime.UtcNow.AddHours(-1));
        StandIn(TellInput);
    }

    /// <summary>
    /// While Bash waits for a child that then ends well, it forgets a Ctrl-C. So it has none: no other program, and no subshell, whose
    /// commands it would trace with two signs or more.
    /// </summary>
    [Fact]
    public void NothingIsWaitedFor_WhenNothingIsToBeBuilt()
    {
        ScriptOutcome outcome = Run("export PATH=$PWD/stand-ins; echo q | $BASH -x ./build.sh run");

        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.Equal("runs: q", outcome.Output.Trim());
        Assert.DoesNotContain("++ ", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./build.sh run")]
    [InlineData("$BASH build.sh run")]
    [InlineData("cd cli && ../build.sh run")]
    [InlineData("CDPATH=/tmp:/ && cd artifacts && $BASH ../build.sh run")]
    public void HostProgram_IsFoundFromEverywhere(string line)
    {
        StandIn("echo $2");

        ScriptOutcome outcome = Run(line);

        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.Equal(PathOf("artifacts/bin/cli/release/Atoll.Cli.dll"), outcome.Output.Trim());
    }

    [Theory]
    [InlineData("cli/Program.cs")]
    [InlineData("cli/Deep/Down/Added.cs")]
    [InlineData("cli/.hidden")]
    [InlineData("kernel/Abi/Abi.csproj")]
    [InlineData("global.json")]
    public void SourceThatIsYounger_MeansABuild(string source)
    {
        Write(source, "");
        File.SetLastWriteTimeUtc(PathOf(source), DateTime.UtcNow.AddHours(1));

        Assert.Contains("build:", Run("./build.sh run").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SourceThatIsGone_MeansABuild()
    {
        Write("cli/Gone.cs", "");
        File.Delete(PathOf("cli/Gone.cs"));
        File.SetLastWriteTimeUtc(PathOf("cli"), DateTime.UtcNow.AddHours(1));

        Assert.Contains("build:", Run("./build.sh run").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void KeyBeforeTheBuild_IsLeftForTheProgram()
    {
        File.Delete(PathOf("artifacts/cli.stamp"));

        ScriptOutcome outcome = Run("echo q | ./build.sh run");

        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.Equal("runs: q", outcome.Output.Trim());
        Assert.Contains("build:", outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>The build has just succeeded when Ctrl-C comes: as well as if it died of it.</summary>
    [Fact]
    public void InterruptKey_WhileTheBuildEndsWell_EndsTheScript()
    {
        File.Delete(PathOf("artifacts/cli.stamp"));
        StandIn("if [ $1 = exec ]; then echo runs; else kill -INT $PPID; fi");

        ScriptOutcome outcome = Run("exec env --default-signal=INT ./build.sh run");

        Assert.Equal(130, outcome.Code);
        Assert.Equal("", outcome.Output);
    }

    /// <inheritdoc/>
    public void Dispose() => _checkout.Delete(recursive: true);

    private ScriptOutcome Run(string line) =>
        Script.Run("bash", ["-c", $"export PATH=$PWD/stand-ins:$PATH; {line}"], _checkout.FullName);

    private void StandIn(string line)
    {
        Write("stand-ins/dotnet", $"#!/bin/sh\n{line}\n");
        Assert.Equal(0, Script.Run("chmod", ["+x", PathOf("stand-ins/dotnet")]).Code);
    }

    private string PathOf(string file) => Path.Combine(_checkout.FullName, file);

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }
}
