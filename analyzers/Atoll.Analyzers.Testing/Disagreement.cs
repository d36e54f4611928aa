using System.Reflection;
using System.Runtime.InteropServices;

namespace Atoll.Testing;

/// <summary>Where the analyzer and the run say different things: a block of text that can be filed as it is.</summary>
internal static class Disagreement
{
    /// <summary>The file with all of them, beside the tests. There is none when nothing is to be said.</summary>
    public const string FileName = "atoll.disagreements.txt";

    // So many calls without a byte make an alarm of the analyzer doubtful.
    private const int QuietCallsMin = 16;

    private static readonly string s_file = Path.Combine(AppContext.BaseDirectory, FileName);

    // What an earlier run said is not of this one.
    static Disagreement() => File.Delete(s_file);

    /// <summary>Whether the analyzer was silent about a method whose promise the run saw broken.</summary>
    public static bool IsFalseClean(ContractBreach breach) => breach.Verdict == "clean";

    /// <summary>The block.</summary>
    public static string Describe(ContractBreach breach) => Block(breach.Member, breach.Contract, $"{breach.Measured}, call {breach.Call}", "silent");

    /// <summary>Writes what the whole run has shown.</summary>
    public static void WriteAll(IEnumerable<ContractBreach> breaches, IEnumerable<ProbedMember> members)
    {
        string[] blocks =
        [
            .. breaches.Where(IsFalseClean).Select(Describe),
            .. members.Where(IsFalseAlarm).OrderBy(one => one.Name, StringComparer.Ordinal)
                .Select(one => Block(one.Name, "NoGC", $"0 bytes in {one.Calls - 1} warm calls; other arguments may take another way", one.Verdict)),
        ];
        if (blocks.Length > 0)
        {
            File.WriteAllText(s_file, string.Join(Environment.NewLine, blocks.Distinct()));
        }
    }

    // ATL20nn without ATL2901: it claims that the method allocates.
    private static bool IsFalseAlarm(ProbedMember member) =>
        member.Has(ProbedGuarantees.NoGC) && member.Verdict.Contains("ATL20", StringComparison.Ordinal)
        && member.Calls > QuietCallsMin && member.AllocatingCalls == 0;

    private static string Block(string member, string contract, string measured, string analyzer) =>
        $"""
        --- atoll disagreement
        member:   {member}
        contract: {contract}
        measured: {measured}
        analyzer: {analyzer}
        runtime:  {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}
        package:  {typeof(Disagreement).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}
        ---

        """;
}
