using System.Text.RegularExpressions;
using Atoll.Cli.Tests.Scripts;

namespace Atoll.Cli.Tests.Documents;

/// <summary>docs/first-program.md is followed to the letter, in a checkout of its own.</summary>
[Collection(ScriptCollection.Name)]
public sealed partial class FirstProgramTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Page_LeadsToTwoProgramsThatTalk()
    {
        string page = File.ReadAllText(Script.Repository.In("docs", "first-program.md"));
        string[] commands = [.. Commands().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(3, commands.Length);
        using var checkout = new Checkout();

        foreach (string command in commands[..2])
        {
            checkout.Run(command, "");
        }

        foreach (Match file in Files().Matches(page))
        {
            checkout.Write(file.Groups[1].Value, file.Groups[2].Value);
        }

        string said = checkout.Run(commands[2] + " --for 20", "ps\nlog\n");

        foreach (string line in Lines().Matches(page).SelectMany(match => match.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            Assert.True(said.Contains(line, StringComparison.Ordinal), $"the page promises '{line}'; the run said:\n{said}");
        }
    }

    [GeneratedRegex(@"^(\./build\.sh (?:new|run) .*)$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"Put this into `([^`]+)`:\s+```\w*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Files();

    // What the run says, without the shell's own lines.
    [GeneratedRegex(@"```\n((?:the square|program 'squares').*?)```", RegexOptions.Singleline)]
    private static partial Regex Lines();

    /// <summary>A copy of the sources.</summary>
    private sealed class Checkout : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atoll-first-");

        public Checkout() => Check(Script.Run("bash", ["-c", $"git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t '{_folder.FullName}'"]));

        public string Run(string command, string input) =>
            Check(Script.Run("bash", ["-c", $"printf '{input.Replace("\n", "\\n")}' | {command} 2>&1"], _folder.FullName));

        public void Write(string path, string content) => File.WriteAllText(Path.Combine(_folder.FullName, path), content);

        public void Dispose() => _folder.Delete(recursive: true);

        private static string Check(ScriptOutcome outcome)
        {
            Assert.True(outcome.Code == 0, outcome.Everything);
            return outcome.Output;
        }
    }
}
