using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Atoll.Coordinator;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>The tables of docs/serial.md and the decoder know the same boot parameters, words and ranges.</summary>
public sealed partial class SerialPageTests
{
    private static readonly string s_root = FindRoot();
    private static readonly string s_page = File.ReadAllText(Path.Combine(s_root, "docs", "serial.md"));
    private static readonly string[] s_rows = Rows();

    /// <summary>Every parameter that the page names, with the form of its value.</summary>
    public static TheoryData<string, string> Parameters
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (Match match in s_rows.SelectMany(row => Parameter().Matches(row.Split(" | ")[0])))
            {
                data.Add(match.Groups[1].Value, match.Groups[2].Value);
            }

            return data;
        }
    }

    /// <summary>Every range that the page states, with the parameter whose row it is.</summary>
    public static TheoryData<string, ulong, ulong> Ranges
    {
        get
        {
            var data = new TheoryData<string, ulong, ulong>();
            foreach (string row in s_rows)
            {
                string name = Parameter().Match(row).Groups[1].Value;
                if (Between().Match(row) is { Success: true } between)
                {
                    data.Add(name, Number(between, 1), Number(between, 2));
                }
                else if (AtMost().Match(row) is { Success: true } most)
                {
                    data.Add(name, 0, Number(most, 1));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void WhatThePageNames_IsDecoded(string name, string form)
    {
        Assert.Equal(ParameterResult.BadValue, Decode($"{name}=?"));
        foreach (string value in form.Split("\\|").Where(value => !value.Any(char.IsUpper)))
        {
            Assert.Equal(ParameterResult.Decoded, Decode($"{name}={value}"));
        }
    }

    /// <summary>Whoever adds a parameter to the decoder adds it to the page: the decoder compares each name with a literal.</summary>
    [Fact]
    public void WhatTheDecoderKnows_IsOnThePage()
    {
        string source = string.Concat(
            File.ReadAllText(Path.Combine(s_root, "kernel", "Coordinator", "BootParameters.cs")),
            File.ReadAllText(Path.Combine(s_root, "kernel", "Trials", "TrialParameters.cs")),
            File.ReadAllText(Path.Combine(s_root, "kernel", "Trials", "WorkloadParameters.cs")));
        string[] known = [.. DecodedName().Matches(source).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

        Assert.True(known.Length >= 15, $"the decoder's source has another shape now; only these were found: {string.Join(' ', known)}");
        Assert.Equal(known, Parameters.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Range_IsTheDecoders(string name, ulong least, ulong most)
    {
        Assert.Equal(ParameterResult.Decoded, Decode($"{name}={least}"));
        Assert.Equal(ParameterResult.Decoded, Decode($"{name}={most}"));
        Assert.Equal(ParameterResult.BadValue, Decode($"{name}={(UInt128)most + 1}"));
        if (least > 0)
        {
            Assert.Equal(ParameterResult.BadValue, Decode($"{name}={least - 1}"));
        }
    }

    [Fact]
    public void EveryWorkload_IsOnThePage()
    {
        string row = s_rows.Single(line => line.StartsWith("| `workload=", StringComparison.Ordinal));
        foreach (WorkloadKind kind in Enum.GetValues<WorkloadKind>())
        {
            Assert.Contains(
                Words(row),
                word => Decode($"workload={word}", out TrialParameters trials) == ParameterResult.Decoded && trials.Workload.Kind(havePrograms: false) == kind);
        }
    }

    [Fact]
    public void EveryFault_IsOnThePage()
    {
        int start = s_page.IndexOf("Fault kinds:", StringComparison.Ordinal);
        string paragraph = s_page[start..s_page.IndexOf("\n\n", start, StringComparison.Ordinal)];
        foreach (FaultKind kind in Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.None))
        {
            Assert.Contains(
                Words(paragraph),
                word => Decode($"fault={word}@1", out TrialParameters trials) == ParameterResult.Decoded && trials.Fault == kind);
        }
    }

    [GeneratedRegex("`([a-z.]+)=([^`]+)`")]
    private static partial Regex Parameter();

    [GeneratedRegex("([0-9]+) to ([0-9]+)")]
    private static partial Regex Between();

    [GeneratedRegex("at most ([0-9]+)")]
    private static partial Regex AtMost();

    [GeneratedRegex("AreEqual\\(name, \"([a-z.]+)\"u8\\)")]
    private static partial Regex DecodedName();

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Word();

    private static ulong Number(Match match, int group) => ulong.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Groups[1].Value);

    private static ParameterResult Decode(string line) => Decode(line, out _);

    private static ParameterResult Decode(string line, out TrialParameters trials)
    {
        TrialProfile profile = default;
        ParameterResult result = BootParameterDecoder.Decode(Encoding.ASCII.GetBytes(line), out _, ref profile, out _);
        trials = profile.Parameters;
        return result;
    }

    // Those of every image, then those of the image for tests.
    private static string[] Rows() =>
    [
        .. s_page.Split("| parameter | meaning |").Skip(1).SelectMany(table => table.Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|'))),
    ];

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no global.json above the tests");
        }

        return folder;
    }
}
