using System.Text.Json;
using System.Text.RegularExpressions;

namespace Atoll.Package.Tests;

/// <summary>The package in projects that know nothing of this repository.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed partial class InstallTests(LocalFeed feed)
{
    [Fact]
    public void Package_IsInstalled_Reports_IsFixed_AndLeavesNothingBehind()
    {
        string folder = feed.CopySample("install");

        (int code, string output) = DotNet.Run(folder, "build", "install.slnx", "-m:1", "--tl:off");
        Assert.True(code == 0, output);
        Assert.Equal(
            [
                "App/Program.cs(19): ATL2002", "App/Program.cs(25): ATL2003", "App/Program.cs(28): ATL2002", "App/Program.cs(33): ATL2501",
                "Old/Old.cs(8): ATL2001", "OwnMarks/Marks.cs(13): ATL2001",
            ],
            Reported(output));
        Assert.DoesNotContain("CS0436", output);

        AssertLogHasRules(Path.Combine(folder, "App", "log.sarif"));
        AssertNothingLeaks(Path.Combine(folder, "App", "bin"));

        string fixedText = Format(folder);
        string[] expected =
        [
            "Span<int> four = stackalloc int[4];", "(access & Access.Write) == Access.Write", "Count(Array.Empty<int>())",
            "using var source = new CancellationTokenSource();",
        ];
        Assert.All(expected, text => Assert.True(fixedText.Contains(text, StringComparison.Ordinal), $"{text} is not in:\n{fixedText}"));

        (code, output) = DotNet.Run(folder, "build", "App/App.csproj", "--tl:off", "-warnaserror");
        Assert.True(code == 0, output);
        Assert.Empty(Reported(output));
    }

    // It applies one kind of fix a time, so it is run until it changes nothing. On a busy host a run was seen that fixed nothing and said nothing: two in a row must change nothing.
    private static string Format(string folder)
    {
        const int RunsMax = 8;
        int unchanged = 0;
        string program = Path.Combine(folder, "App", "Program.cs");
        for (int run = 0; run < RunsMax; run++)
        {
            string before = File.ReadAllText(program);
            (int code, string output) = DotNet.Run(folder, "format", "analyzers", "App/App.csproj", "--severity", "warn", "--no-restore", "--verbosity", "minimal");
            Assert.True(code == 0, output);
            unchanged = File.ReadAllText(program) == before ? unchanged + 1 : 0;
            if (unchanged == 2)
            {
                break;
            }
        }

        return File.ReadAllText(program);
    }

    private static string[] Reported(string output) =>
    [
        .. Report().Matches(output).Select(match => $"{match.Groups["file"].Value.Replace('\\', '/')}({match.Groups["line"].Value}): {match.Groups["id"].Value}")
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private static void AssertLogHasRules(string path)
    {
        using JsonDocument log = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement run = log.RootElement.GetProperty("runs")[0];
        string[] results = [.. run.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("ruleId").GetString()!)
            .Where(id => id.StartsWith("ATL", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
        JsonElement rule = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().First(one => one.GetProperty("id").GetString() == "ATL2002");

        Assert.Equal(["ATL2002", "ATL2003", "ATL2501"], results);
        Assert.Equal("docs/ATL2002.md", rule.GetProperty("helpUri").GetString());
    }

    private static void AssertNothingLeaks(string bin)
    {
        string[] files = [.. Directory.EnumerateFiles(bin, "*", SearchOption.AllDirectories)];

        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith("Atoll", StringComparison.OrdinalIgnoreCase));
        Assert.All(files.Where(file => file.EndsWith(".deps.json", StringComparison.Ordinal)), file => Assert.DoesNotContain("Atoll", File.ReadAllText(file)));
    }

    [GeneratedRegex(@"(?<file>\w+[/\\]\w+\.cs)\((?<line>\d+),\d+\): \w+ (?<id>ATL\d+)")]
    private static partial Regex Report();
}
