using System.Text.Json;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Atoll.Testing.Weaver;

/// <summary>What the analyzer said in the build of an assembly: its SARIF log, if the project wrote one (<c>AtollVerdicts</c>).</summary>
internal sealed class Verdicts
{
    private readonly List<(string Rule, string File, int Line)>? _results;

    private Verdicts(List<(string Rule, string File, int Line)>? results) => _results = results;

    /// <summary>Looks for the log beside the original assembly, or one folder of output further.</summary>
    public static Verdicts Read(string assembly)
    {
        string name = Path.GetFileNameWithoutExtension(assembly) + ".verdicts.sarif";
        string? log = new[] { assembly, assembly.Replace($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}") }
            .Select(path => Path.Combine(Path.GetDirectoryName(path)!, name))
            .FirstOrDefault(File.Exists);
        if (log is null)
        {
            return new Verdicts(null);
        }

        using JsonDocument sarif = JsonDocument.Parse(File.ReadAllText(log));
        List<(string, string, int)> results = [];
        foreach (JsonElement result in sarif.RootElement.GetProperty("runs").EnumerateArray().SelectMany(run => run.GetProperty("results").EnumerateArray()))
        {
            string rule = result.GetProperty("ruleId").GetString() ?? "";
            if (rule.StartsWith("ATL2", StringComparison.Ordinal) && result.TryGetProperty("locations", out JsonElement locations) && locations.GetArrayLength() > 0)
            {
                JsonElement place = locations[0].GetProperty("physicalLocation");
                string uri = place.GetProperty("artifactLocation").GetProperty("uri").GetString() ?? "";
                results.Add((rule, Path.GetFileName(Uri.UnescapeDataString(uri)), place.GetProperty("region").GetProperty("startLine").GetInt32()));
            }
        }

        return new Verdicts(results);
    }

    /// <summary>The verdict on a method: <c>clean</c>, the rules that reported something in it, or nothing.</summary>
    public string Of(MethodDefinition method)
    {
        List<SequencePoint> points = [.. method.DebugInformation.SequencePoints.Where(point => !point.IsHidden)];
        if (_results is null || points.Count == 0)
        {
            return "";
        }

        string file = Path.GetFileName(points[0].Document.Url);
        string[] rules = [.. _results
            .Where(one => one.File == file && one.Line >= points.Min(point => point.StartLine) && one.Line <= points.Max(point => point.EndLine))
            .Select(one => one.Rule).Distinct().Order(StringComparer.Ordinal)];
        return rules.Length == 0 ? "clean" : string.Join(", ", rules);
    }
}
