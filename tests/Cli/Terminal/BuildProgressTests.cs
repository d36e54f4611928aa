using System.Collections.Concurrent;
using Atoll.Cli.Terminal;

namespace Atoll.Cli.Tests.Terminal;

/// <summary>A build that takes long says what it is doing; errors come through at once, and nothing else does.</summary>
public sealed class BuildProgressTests
{
    private static readonly TimeSpan s_never = TimeSpan.FromDays(1);

    [Fact]
    public void Errors_ComeThrough_AndDoneProjectsDoNot()
    {
        List<string> said = [];
        using (var progress = new BuildProgress("the image", s_never, said.Add))
        {
            progress.Take("  Determining projects to restore...");
            progress.Take("  Restored a.csproj (in 5 ms).");
            progress.Take("  Atoll.Abi -> artifacts/bin/Atoll.Abi.dll");
            progress.Take("kernel/A.cs(1,2): error ATL0101: no");
        }

        Assert.Equal(["kernel/A.cs(1,2): error ATL0101: no"], said);
    }

    [Fact]
    public void LongBuild_SaysWhatIsDone()
    {
        var said = new BlockingCollection<string>();
        using var progress = new BuildProgress("the image", TimeSpan.FromMilliseconds(20), said.Add);

        Assert.Matches("^  the image: [0-9]+ s, restoring packages$", said.Take());
        progress.Take("  Atoll.Abi -> artifacts/bin/Atoll.Abi.dll");
        progress.Take("  Atoll.Mm -> artifacts/bin/Atoll.Mm.dll");
        string line;
        do
        {
            line = said.Take();
        }
        while (!line.Contains("2 projects", StringComparison.Ordinal));

        Assert.Matches("^  the image: [0-9]+ s, 2 projects done, Atoll.Mm the last$", line);
    }
}
