using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>A person orders at the shell what is to become of cores, and looks what does.</summary>
public abstract partial class CoreOrdersScenario : AddressSpaceScenario
{
    // Each answer of the shell is a look. An instance is up after a few milliseconds; a virtual core on a busy host takes longer.
    private const int LooksMax = 400;

    /// <summary>Orders, and expects to hear that it was told.</summary>
    protected static void Tell(Expectations expect, GuestTerminal terminal, string order, int core)
    {
        string answer = Ask(expect, terminal, $"instances {order} {core}");
        expect.That(answer.Contains($"core {core}: told", StringComparison.Ordinal), $"'instances {order} {core}' was answered: {answer}");
    }

    /// <summary>Looks until a core is in a state and in a life, with memory or without.</summary>
    /// <returns>Whether it came to be.</returns>
    protected static bool Become(Expectations expect, GuestTerminal terminal, int core, string state, int life, bool hasMemory)
    {
        string answer = "";
        for (int look = 0; look < LooksMax; look++)
        {
            answer = Ask(expect, terminal, "instances");
            Match row = Row().Matches(answer).FirstOrDefault(match => Number(match, 1) == core) ?? Match.Empty;
            if (row.Success && row.Groups[2].Value == state && Number(row, 3) == life && Number(row, 5) != 0 == hasMemory)
            {
                return true;
            }
        }

        return expect.That(false, $"core {core} did not become {state} in life {life}: {answer}");
    }

    private static long Number(Match row, int group) => long.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *(\d+)  (\w+) +(\d+) +(\d+) +(\d+) KiB$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
