using System.Text;
using System.Text.RegularExpressions;

namespace Atoll.Http.Tests.Site;

/// <summary>A sample of a metric.</summary>
public sealed record Sample(string Family, string Type, string Labels, string Value);

/// <summary>Reads metrics as strictly as Prometheus: "Exposition formats", "Text format details". What it does not know is a <see cref="FormatException"/>.</summary>
public static partial class MetricReader
{
    /// <summary>Reads all samples. All lines of a family stand together, HELP and TYPE first.</summary>
    public static IReadOnlyList<Sample> Read(byte[] content)
    {
        string text = Encoding.UTF8.GetString(content);
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("the last line has no end");
        }

        List<Sample> samples = [];
        HashSet<string> seen = [];
        string help = "";
        string family = "";
        string type = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Help().Match(line) is { Success: true } helped)
            {
                help = helped.Groups[1].Value;
            }
            else if (Type().Match(line) is { Success: true } typed && typed.Groups[1].Value == help && seen.Add(help))
            {
                (family, type) = (help, typed.Groups[2].Value);
            }
            else if (Line().Match(line) is { Success: true } sample && sample.Groups[1].Value == family)
            {
                samples.Add(new Sample(family, type, sample.Groups[2].Value, sample.Groups[3].Value));
            }
            else
            {
                throw new FormatException($"unexpected: {line}");
            }
        }

        return samples;
    }

    [GeneratedRegex("^# HELP ([a-z_]+) [A-Z].*\\.$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-z_]+) (counter|gauge)$")]
    private static partial Regex Type();

    [GeneratedRegex("^([a-z_]+)((?:\\{[a-z]+=\"[^\"\\\\]*\"(?:,[a-z]+=\"[^\"\\\\]*\")*\\})?) ([0-9]+(?:\\.[0-9]+)?)$")]
    private static partial Regex Line();
}
