using System.Text.RegularExpressions;
using Atoll.Image.Tests;

namespace Atoll.Defects.Tests;

/// <summary>The attacks that there are, read from their sources.</summary>
internal static partial class AttackList
{
    // In the order in which services/Suite/Catalog.cs runs them.
    private static readonly string[] s_groups = ["Memory", "Privilege", "Capability", "Resource", "Register"];

    /// <summary>All attacks as "group.name", in the order in which they run.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. s_groups.SelectMany(NamesOf)];

    /// <summary>Says whether a defective image let an attack through: the test failed, or the run ended in it.</summary>
    /// <param name="attack">"group.name".</param>
    /// <param name="explanation">What the scenario complained about.</param>
    internal static bool Succeeded(string attack, string explanation)
    {
        if (explanation.Contains($"core 0: {attack} failed at step", StringComparison.Ordinal))
        {
            return true;
        }

        int place = All.ToList().IndexOf(attack);
        Match last = LastTest().Match(explanation);
        return last.Success
            ? place > 0 && All[place - 1] == $"{last.Groups[1].Value}.{last.Groups[2].Value}"
            : place == 0 && explanation.Contains("none ran", StringComparison.Ordinal);
    }

    private static IEnumerable<string> NamesOf(string group)
    {
        string source = File.ReadAllText(Path.Combine(SourceCopy.FindRepository(), "services", "Suite", "Attacks", $"{group}Attacks.cs"));
        return Names().Matches(source).Select(name => $"attack-{group.ToLowerInvariant()}.{name.Groups[1].Value}");
    }

    [GeneratedRegex("test\\.Is\\(\"([^\"]+)\"u8")]
    private static partial Regex Names();

    [GeneratedRegex("the last was '@test core=0 group=(\\S+) name=(\\S+) ")]
    private static partial Regex LastTest();
}
