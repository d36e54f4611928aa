using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Atoll.Contracts.Generator;

/// <summary>What the runs of one member showed.</summary>
/// <param name="Bytes">Most bytes of a warm call that returned.</param>
/// <param name="HasThrown">Whether a call with some arguments threw.</param>
internal readonly record struct Evidence(long Bytes, bool HasThrown);

/// <summary>Compiles all probes against the reference assemblies, runs them, and says what each allocated.</summary>
internal static class ProbeRun
{
    private const int WarmUps = 3;
    private const int Rounds = 8;
    private const int Variants = 4;
    private const string Threw = "threw";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What the runs of each member showed; members that could not be run, or never returned, are missing.</summary>
    public static Dictionary<Candidate, Evidence> Run(IReadOnlyList<Candidate> candidates, IReadOnlyList<string> references)
    {
        Dictionary<string, Candidate> byName = [];
        List<string> lines = [];
        foreach (Candidate candidate in candidates)
        {
            string name = $"P{byName.Count}";
            if (Probe.Write(candidate.Probed, name) is { } line)
            {
                byName.Add(name, candidate);
                lines.Add(line);
            }
        }

        string folder = Directory.CreateTempSubdirectory("atoll-probes-").FullName;
        try
        {
            string assembly = Path.Combine(folder, "Probes.dll");
            Compile(lines, references, assembly);
            return RunInChildren(assembly, Path.Combine(folder, "results.txt"), name => DocumentationId.Of(byName[name].Definition))
                .ToDictionary(one => byName[one.Key], one => one.Value);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A member may hang with these arguments, or bring the process down. The next one goes on after it.
    private static Dictionary<string, Evidence> RunInChildren(string assembly, string results, Func<string, string> describe)
    {
        File.WriteAllText(results, "");
        while (true)
        {
            using Process child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(ProbeRun).Assembly.Location, "run", assembly, results])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            child.StandardInput.Close();
            Task<string> output = child.StandardOutput.ReadToEndAsync();
            Task<string> errors = child.StandardError.ReadToEndAsync();
            child.WaitForExit();
            Task.WaitAll(output, errors);
            string[] said = File.ReadAllLines(results);
            if (child.ExitCode == 0)
            {
                return said.Select(line => line.Split(' ')).Where(parts => parts.Length == 3)
                    .ToDictionary(parts => parts[0], parts => new Evidence(long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == Threw));
            }

            Console.Error.WriteLine($"ended the process or did not come back: {describe(said[^1].Split(' ')[0])}");
        }
    }

    /// <summary>Runs, in a process of its own, what the results do not name yet. Appends a name, then its bytes and whether it threw.</summary>
    public static int RunRest(string assembly, string results)
    {
        HashSet<string> seen = [.. File.ReadAllLines(results).Select(line => line.Split(' ')[0])];
        Assembly all = Assembly.LoadFrom(assembly);
        Action<int> choose = all.GetType("Probe")!.GetMethod("Choose")!.CreateDelegate<Action<int>>();
        MethodInfo[] probes = [.. all.GetType("Probes")!
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(probe => !seen.Contains(probe.Name))];
        bool isCutOff = File.ReadAllText(results) is { Length: > 0 } before && before[^1] != '\n';
        using var file = new StreamWriter(results, append: true) { AutoFlush = true };
        file.Write(isCutOff ? "\n" : "");
        int done = 0;
        using var watch = new Timer(_ =>
        {
            if (Interlocked.Exchange(ref done, 0) == 0)
            {
                Environment.Exit(3);
            }
        }, null, s_patience, s_patience);
        foreach (MethodInfo probe in probes)
        {
            file.Write(probe.Name);
            long?[] bytes = [.. Enumerable.Range(0, Variants).Select(variant => Measure(probe.CreateDelegate<Func<long>>(), () => choose(variant)))];
            file.WriteLine(bytes.Max() is { } count ? $" {count} {(bytes.Contains(null) ? Threw : "returned")}" : " never");
            Interlocked.Increment(ref done);
        }

        // What still runs in some thread that a probe has started is of no interest.
        Environment.Exit(0);
        return 0;
    }

    // The first calls build what is built once: static fields, the compiled body itself.
    private static long? Measure(Func<long> probe, Action choose)
    {
        try
        {
            long most = 0;
            choose();
            for (int round = 0; round < Rounds; round++)
            {
                long count = probe();
                most = round < WarmUps ? 0 : Math.Max(most, count);
            }

            return most;
        }
        catch (Exception)
        {
            // Whatever it threw: with these arguments it does not return, so there is no evidence.
            return null;
        }
    }

    private static void Compile(List<string> lines, IReadOnlyList<string> references, string path)
    {
        CSharpCompilationOptions options = new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release);
        MetadataReference[] metadata = [.. references.Select(path => MetadataReference.CreateFromFile(path))];
        while (true)
        {
            string text = $"#pragma warning disable\nusing System;\npublic static unsafe class Probes\n{{\n{string.Join('\n', lines)}\n}}\n{Probe.Support}";
            SyntaxTree tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview));
            CSharpCompilation compilation = CSharpCompilation.Create("Probes", [tree], metadata, options);
            const int FirstLine = 4;
            HashSet<int> bad = [.. compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error)
                .Select(one => one.Location.GetLineSpan().StartLinePosition.Line - FirstLine)];
            if (bad.Count == 0)
            {
                using FileStream image = File.Create(path);
                compilation.Emit(image);
                return;
            }

            Console.Error.WriteLine($"{bad.Count} of {lines.Count} probes do not compile, such as: {string.Join("\n  ", bad.Take(3).Select(index => lines[index]))}");
            lines = [.. lines.Where((_, index) => !bad.Contains(index))];
        }
    }
}
