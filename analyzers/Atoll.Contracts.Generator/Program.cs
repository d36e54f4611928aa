using System.Globalization;
using System.Reflection;
using System.Text;

namespace Atoll.Contracts.Generator;

/// <summary>Writes the list of framework contracts, or compares it with the one there is.</summary>
public static class Program
{
    private const string Usage = "usage: Atoll.Contracts.Generator write|check LIST\n       Atoll.Contracts.Generator update LIST PART-OF-DOCUMENTATION-ID...\n       Atoll.Contracts.Generator explain PART-OF-DOCUMENTATION-ID";

    private static readonly string[] s_dangerous = ["Environment", "Console", "AppDomain", "AppContext", "Activator", "Type"];

    /// <summary>Exit code 0 when the list is written, or is the one that would be written.</summary>
    public static int Main(string[] arguments)
    {
        if (arguments is ["run", var assembly, var results])
        {
            return ProbeRun.RunRest(assembly, results);
        }

        if (arguments is ["explain", var part])
        {
            Explain(part);
            return 0;
        }

        if (arguments is ["update", var old, .. var parts] && parts.Length > 0)
        {
            File.WriteAllText(old, Update(File.ReadAllLines(old), parts));
            return 0;
        }

        if (arguments is not ["write" or "check", var path])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        string text = Text(Lines(FrameworkMembers.All, static _ => true));
        if (arguments[0] == "write")
        {
            File.WriteAllText(path, text);
            return 0;
        }

        bool isSame = File.ReadAllText(path) == text;
        Console.Error.WriteLine(isSame ? "the list is as it would be written" : "the list differs: write it anew and look at the difference");
        return isSame ? 0 : 1;
    }

    // For whoever wonders why a member is not on the list.
    private static void Explain(string part)
    {
        foreach (MethodBase member in FrameworkMembers.All.Where(one => DocumentationId.Of(one).Contains(part, StringComparison.Ordinal)))
        {
            Console.WriteLine(DocumentationId.Of(member));
            foreach (string line in CandidateSearch.Explain(member))
            {
                Console.WriteLine($"  {line}");
            }
        }
    }

    // Some members anew, the others as they are: minutes less than the whole list.
    private static string Update(IEnumerable<string> before, string[] parts)
    {
        bool IsMeant(string id) => parts.Any(part => id.Contains(part, StringComparison.Ordinal));
        IReadOnlyList<MethodBase> members = [.. FrameworkMembers.All.Where(one => IsMeant(DocumentationId.Of(one)))];
        return Text(before.Where(line => !line.StartsWith('#') && !IsMeant(line.Split(' ')[0])).Concat(Lines(members, IsMeant)));
    }

    private static IEnumerable<string> Lines(IReadOnlyList<MethodBase> members, Func<string, bool> isMeant)
    {
        IReadOnlyList<Candidate> candidates = new CandidateSearch().Run(members);
        Console.Error.WriteLine($"{candidates.Count} members");
        IReadOnlyList<Candidate> known = [.. candidates.Where(IsWorthARun)];
        Dictionary<Candidate, Evidence> runs = ProbeRun.Run(known, ReferenceAssemblies.Find());
        Console.Error.WriteLine($"{runs.Count} members run");
        foreach (Candidate missing in known.Where(one => one.Knowing.G == Knowledge.Kept && !runs.ContainsKey(one)))
        {
            Console.Error.WriteLine($"IL says clean, no run returned: {DocumentationId.Of(missing.Definition)}");
        }

        List<string> lines = [.. runs.Select(one => Line(one.Key, one.Value)).OfType<string>(), .. AmortizedMembers.Lines.Where(line => isMeant(line.Split(' ')[0]))];
        HashSet<string> listed = [.. lines.Select(line => line.Split(' ')[0])];
        lines.AddRange(BlockingMembers.All.Where(one => isMeant(one.Key) && !listed.Contains(one.Key)).Select(one => $"{one.Key} {one.Value}"));
        return lines;
    }

    private static string Text(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        text.Append($"# Contracts of .NET {Environment.Version.Major}, from its IL and from running each member (decision 0050).\n");
        text.Append("# A capital letter is kept, a small one broken: GC, Lock, Throw, Recursion, Block. 'if': numbers of type parameters that\n");
        text.Append("# must be tame types; unless somebody has written a comparer for them (c), a culture or format provider (f), a memory manager (m).\n");
        text.Append("# Written by analyzers/Atoll.Contracts.Generator. Do not edit.\n");
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
            && (type != typeof(GC) || candidate.Definition.Name.StartsWith("Allocate", StringComparison.Ordinal))
            && type.Namespace is not ("System.Threading" or "System.Threading.Tasks" or "System.Diagnostics" or "System.Runtime.InteropServices");

    private static bool EndsProcess(MethodBase method) =>
        method.DeclaringType!.Name is "Console" or "Debugger" or "Debug" or "Trace" || method.Name is "Exit" or "FailFast";

    private static string? Line(Candidate candidate, Evidence run)
    {
        if ((candidate.Assumed & Assumptions.Comparer) != 0 && TakesFunction(candidate.Definition))
        {
            // What compares is the caller's own function, so it does not help that nobody has written a comparer.
            return null;
        }

        // The IL and the run must agree; else nothing is known of allocation.
        Knowing knowing = candidate.Knowing;
        bool isClean = knowing.G == Knowledge.Kept && run.Bytes == 0;
        bool allocates = knowing.G == Knowledge.Broken && run.Bytes > 0;
        if (!isClean && !allocates)
        {
            if (knowing.G == Knowledge.Kept)
            {
                Console.Error.WriteLine($"IL says clean, the run {run.Bytes} bytes: {DocumentationId.Of(candidate.Definition)}");
            }

            knowing = knowing with { G = Knowledge.Unknown };
        }

        string letters = Letter('G', knowing.G) + Letter('L', knowing.L) + Letter('T', Throws(candidate, run)) + Letter('R', knowing.R) + Letter('B', knowing.B);
        letters = BlockingMembers.Merge(DocumentationId.Of(candidate.Definition), letters);
        if (letters.Length == 0)
        {
            return null;
        }

        Assumptions assumed = AssumedMembers.ForCallers(candidate.Assumed, candidate.Definition, candidate.Tame.Count > 0);
        string[] conditions = [.. candidate.Tame.Select(number => number.ToString(CultureInfo.InvariantCulture)), .. AssumedMembers.Letters(assumed)];
        string condition = conditions.Length == 0 ? "" : " if " + string.Join(' ', conditions);
        return $"{DocumentationId.Of(candidate.Definition)} {letters}{condition}";
    }

    private static bool TakesFunction(MethodBase method) =>
        method.GetParameters().Any(parameter => typeof(Delegate).IsAssignableFrom(parameter.ParameterType));

    // A throw somewhere in the IL is broken once a run has seen one. A Try method that none saw throwing checks its arguments only.
    private static Knowledge Throws(Candidate candidate, Evidence run) =>
        candidate.Knowing.T != Knowledge.Broken || run.HasThrown || ThrowingMembers.Contains(candidate.Definition) ? candidate.Knowing.T
        : candidate.Definition is MethodInfo { ReturnType.Name: "Boolean" } method && method.Name.StartsWith("Try", StringComparison.Ordinal) ? Knowledge.Kept
        : Knowledge.Unknown;

    private static string Letter(char letter, Knowledge knowledge) =>
        knowledge switch
        {
            Knowledge.Kept => letter.ToString(),
            Knowledge.Broken => char.ToLowerInvariant(letter).ToString(),
            _ => "",
        };
}
