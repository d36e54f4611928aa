using System.Globalization;
using Atoll.Contracts.Tests.Harness;

namespace Atoll.ContractMeter;

/// <summary>Measures the rules of the package. Argument: the repository's folder. Output: <c>figure NAME VALUE UNIT</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["cases", .. var names])
        {
            await TellCasesAsync(names);
            return 0;
        }

        if (arguments is not [var repository])
        {
            await Console.Error.WriteLineAsync("usage: Atoll.ContractMeter REPOSITORY\n       Atoll.ContractMeter cases [NAME...]");
            return 1;
        }

        SnippetSet snippets = SnippetSet.All;
        Dictionary<string, long> bytes = snippets.Snippets.Where(one => one.Label is Label.Clean or Label.Allocates or Label.FalseAlarm or Label.NotKnown)
            .ToDictionary(one => one.Name, one => MeasureOrThrow(snippets, one));
        WritePrecision(snippets, bytes);
        await WriteOthersAsync(snippets, bytes);
        await WriteIdleAsync(repository);
        await WriteForeignAsync(repository);
        await WriteCasesAsync();
        return 0;
    }

    private static async Task WriteCasesAsync()
    {
        foreach (CaseStudy study in CaseStudy.All())
        {
            (CaseState before, CaseState after) = await study.RunAsync();
            string name = $"analyzers.cases.{study.Name}";
            Write($"{name}.reports-before", before.Reports.Length, "diagnostics");
            Write($"{name}.reports-after", after.Reports.Length, "diagnostics");
            Write($"{name}.bytes-before", before.Bytes, "bytes");
            Write($"{name}.bytes-after", after.Bytes, "bytes");
        }
    }

    // For whoever edits a case: every report in words.
    private static async Task TellCasesAsync(string[] names)
    {
        foreach (CaseStudy study in CaseStudy.All().Where(one => names.Length == 0 || names.Contains(one.Name)))
        {
            (CaseState before, CaseState after) = await study.RunAsync();
            foreach ((string when, CaseState state) in new[] { ("before", before), ("after", after) })
            {
                Console.WriteLine($"{study.Name} {when}: {state.Reports.Length} reports, {state.Bytes} bytes");
                foreach (var report in state.Reports)
                {
                    Console.WriteLine($"  {report.Id} {report.GetMessage(CultureInfo.InvariantCulture)}   [{report.Location.SourceTree!.GetText().ToString(report.Location.SourceSpan).Split('\n')[0].Trim()}]");
                }
            }
        }
    }

    private static long MeasureOrThrow(SnippetSet snippets, Snippet snippet)
    {
        try
        {
            return Allocation.Measure(snippets.Method(snippet));
        }
        catch (Exception) when (snippet.Label == Label.NotKnown)
        {
            // It does what nobody knows; throwing is among that.
            return 0;
        }
    }

    private static void WritePrecision(SnippetSet snippets, Dictionary<string, long> bytes)
    {
        Snippet[] measured = [.. snippets.Snippets.Where(one => bytes.ContainsKey(one.Name))];
        Write("analyzers.snippets", snippets.Snippets.Length, "snippets");
        Write("analyzers.measured", measured.Length, "snippets");
        Write("analyzers.false-clean", measured.Count(one => one.IsSilent && bytes[one.Name] > 0), "snippets");
        Write("analyzers.false-alarm", Percent(measured.Count(one => one.IsReported && bytes[one.Name] == 0), measured.Length), "%");
        Write("analyzers.detected", measured.Count(one => one.IsReported && bytes[one.Name] > 0), "snippets");
        Write("analyzers.unknown", measured.Count(one => one.Reported is [Snippet.UnknownId]), "snippets");
        foreach (string rule in measured.SelectMany(one => one.Reported).Distinct().Order(StringComparer.Ordinal))
        {
            Write($"analyzers.{rule}.false-alarm", measured.Count(one => one.Reported is [var only] && only == rule && rule != Snippet.UnknownId && bytes[one.Name] == 0), "snippets");
        }
    }

    private static async Task WriteOthersAsync(SnippetSet snippets, Dictionary<string, long> bytes)
    {
        foreach (Peer peer in Peer.All())
        {
            (IReadOnlySet<string> reported, TimeSpan time) = await peer.RunAsync(snippets);
            int allocating = bytes.Count(one => one.Value > 0);
            int detected = bytes.Count(one => one.Value > 0 && reported.Contains(one.Key));
            Write($"analyzers.others.{peer.Name}.detected", detected, "snippets");
            Write($"analyzers.others.{peer.Name}.missed", allocating - detected, "snippets");
            Write($"analyzers.others.{peer.Name}.false", bytes.Count(one => one.Value == 0 && reported.Contains(one.Key)), "snippets");
            Write($"analyzers.others.{peer.Name}.time", Math.Round(time.TotalMilliseconds, 1), "ms");
        }
    }

    private static async Task WriteIdleAsync(string repository)
    {
        (int lines, TimeSpan time) = await ForeignCode.IdleAsync(repository);
        Write("analyzers.idle-lines", lines, "lines");
        Write("analyzers.idle", Math.Round(time.TotalMilliseconds, 1), "ms");
    }

    private static async Task WriteForeignAsync(string repository)
    {
        ForeignResult result = await ForeignCode.ForcedAsync(repository);
        Write("analyzers.foreign-lines", result.Lines, "lines");
        Write("analyzers.foreign-reports", result.Reports, "diagnostics");
        Write("analyzers.crashes", result.Crashes, "crashes");
        Write("analyzers.warm", Math.Round(result.Warm.TotalMilliseconds * 10_000 / result.Lines, 1), "ms/10000 lines");
    }

    private static double Percent(int part, int whole) => Math.Round(part * 100.0 / whole, 2);

    private static void Write(string name, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure {name} {value} {unit}"));
}
