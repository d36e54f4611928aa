using System.Text;

namespace Atoll.Contracts.Generator;

/// <summary>Writes the list of framework contracts, or compares it with the one there is.</summary>
public static class Program
{
    private const string Usage = "usage: Atoll.Contracts.Generator write|check LIST";

    private static readonly string[] s_dangerous = ["Environment", "Console", "AppDomain", "AppContext", "GC", "Activator", "Type"];

    /// <summary>Exit code 0 when the list is written, or is the one that would be written.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is ["run", var assembly, var results])
        {
            return ProbeRun.RunRest(assembly, results);
        }

        if (arguments is not ["write" or "check", var path])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        string text = Write();
        if (arguments[0] == "write")
        {
            File.WriteAllText(path, text);
            return 0;
        }

        bool isSame = File.ReadAllText(path) == text;
        Console.Error.WriteLine(isSame ? "the list is as it would be written" : "the list differs: write it anew and look at the difference");
        return isSame ? 0 : 1;
    }

    private static string Write()
    {
        IReadOnlyList<Candidate> candidates = new CandidateSearch().Run(FrameworkMembers.All);
        Console.Error.WriteLine($"{candidates.Count} members");
        IReadOnlyList<Candidate> known = [.. candidates.Where(IsWorthARun)];
        Dictionary<Candidate, long> bytes = ProbeRun.Run(known, ReferenceAssemblies.Find());
        Console.Error.WriteLine($"{bytes.Count} members run");

        var text = new StringBuilder();
        text.Append($"# Contracts of .NET {Environment.Version.Major}, from its IL and from running each member (decision 0050).\n");
        text.Append("# A capital letter is kept, a small one broken: GC, Lock, Throw, Recursion, Block. 'if': numbers of type parameters that\n");
        text.Append("# must be tame types; c: unless somebody has a comparer of his own for them.\n");
        text.Append("# Written by analyzers/Atoll.Contracts.Generator. Do not edit.\n");
        List<string> lines = [.. bytes.Select(one => Line(one.Key, one.Value)).OfType<string>(), .. AmortizedMembers.Lines];
        HashSet<string> listed = [.. lines.Select(line => line.Split(' ')[0])];
        lines.AddRange(BlockingMembers.All.Where(one => !listed.Contains(one.Key)).Select(one => $"{one.Key} {one.Value}"));
        foreach (string line in lines.Distinct().Order(StringComparer.Ordinal))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    // What is clean by its IL can do nothing else. What allocates may do more, so it is run only where that is harmless.
    private static bool IsWorthARun(Candidate candidate) =>
        candidate.Knowing.G == Knowledge.Kept && !EndsProcess(candidate.Definition)
        || candidate.Knowing.G == Knowledge.Broken && candidate.Definition.DeclaringType is { } type && !s_dangerous.Contains(type.Name)
            && type.Namespace is not ("System.Threading" or "System.Threading.Tasks" or "System.Diagnostics" or "System.Runtime.InteropServices");

    private static bool EndsProcess(System.Reflection.MethodBase method) =>
        method.DeclaringType!.Name is "Console" or "Debugger" or "Debug" or "Trace" || method.Name is "Exit" or "FailFast";

    private static string? Line(Candidate candidate, long bytes)
    {
        // The IL and the run must agree; else nothing is known.
        Knowing knowing = candidate.Knowing;
        bool isClean = knowing.G == Knowledge.Kept && bytes == 0;
        bool allocates = knowing.G == Knowledge.Broken && bytes > 0;
        if (!isClean && !allocates)
        {
            if (knowing.G == Knowledge.Kept)
            {
                Console.Error.WriteLine($"IL says clean, the run {bytes} bytes: {DocumentationId.Of(candidate.Definition)}");
            }

            return null;
        }

        string letters = Letter('G', knowing.G) + Letter('L', knowing.L) + Letter('T', knowing.T) + Letter('R', knowing.R) + Letter('B', knowing.B);
        letters = BlockingMembers.Merge(DocumentationId.Of(candidate.Definition), letters);
        string condition = candidate.Tame.Count == 0 ? "" : " if " + string.Join(' ', candidate.Tame) + (candidate.NeedsComparer ? " c" : "");
        return $"{DocumentationId.Of(candidate.Definition)} {letters}{condition}";
    }

    private static string Letter(char letter, Knowledge knowledge) =>
        knowledge switch
        {
            Knowledge.Kept => letter.ToString(),
            Knowledge.Broken => char.ToLowerInvariant(letter).ToString(),
            _ => "",
        };
}
