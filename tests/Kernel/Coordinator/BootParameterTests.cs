using System.Text;
using Atoll.Boot;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>The command line against the table in docs/serial.md.</summary>
public sealed class BootParameterTests
{
    private static readonly string[] s_faults =
    [
        "stack-overflow", "null-jump", "null-read", "write-text", "write-readonly", "execute-data", "execute-stack", "stray-write",
        "divide", "undefined", "non-canonical", "check", "stray-interrupt", "nmi", "half-send", "hang", "hang-masked", "silence",
        "hostile",
    ];

    // What each parameter takes, written down independently of the decoder.
    private static readonly Dictionary<string, Func<string, bool>> s_accepts = new()
    {
        ["cores"] = value => IsNumber(value, 1, 255),
        ["messages"] = value => IsNumber(value, 0, uint.MaxValue),
        ["workload.cores"] = value => value.IndexOf('-') is int dash and >= 0 && IsNumber(value[..dash], 0, 254)
            && IsNumber(value[(dash + 1)..], long.Parse(value[..dash], System.Globalization.CultureInfo.InvariantCulture), 254),
        ["workload"] = value => value is "none" or "ring" or "matrix" or "doorbell" or "storm",
        ["idle.turns"] = value => IsNumber(value, 0, 64),
        ["kills"] = value => IsNumber(value, 0, 100_000),
        ["hostile.messages"] = value => IsNumber(value, 0, 1_000_000),
        ["kills.how"] = value => value is "stop" or "any" or "publish",
        ["hang.deadline"] = value => IsNumber(value, 1, 600_000),
        ["seed"] = value => IsNumber(value, 0, uint.MaxValue),
        ["end"] = value => value is "pass" or "hold" or "never",
        ["live"] = value => IsNumber(value, 0, 600_000),
        ["start.deadline"] = value => IsNumber(value, 1, 600_000),
        ["start.never"] = value => IsNumber(value, 0, 254),
        ["start.late"] = value => IsNumber(value, 0, 254),
        ["fault"] = value => value.IndexOf('@') is int at and >= 0 && s_faults.Contains(value[..at]) && IsNumber(value[(at + 1)..], 0, 254),
        ["report"] = value => value == "pages",
        ["measure"] = value => value == "rings",
    };

    [Fact]
    public void EmptyLine_GivesTheDefaults()
    {
        (BootParameters parameters, TrialParameters trials) = Decode("   ");

        Assert.Equal((0u, 2000u), (parameters.CoresMax, parameters.StartDeadlineMilliseconds));
        Assert.Equal((0u, 0u, 64u), (trials.Workload.Messages, trials.Workload.LiveMilliseconds, trials.Workload.IdleTurns));
        Assert.Equal((0u, 0u), (trials.Kills, trials.Seed));
        Assert.Equal((EndPolicy.Never, FaultKind.None, false), (parameters.End, trials.Fault, parameters.ReportPages));
        Assert.All(Enumerable.Range(0, 255), core => Assert.True(trials.Workload.Includes((uint)core)));
        Assert.All(Enumerable.Range(0, 255), core => Assert.False(
            trials.StartNever.Is((uint)core) || trials.StartLate.Is((uint)core) || trials.FaultCore.Is((uint)core)));
    }

    [Fact]
    public void EachParameter_SetsItsField()
    {
        (BootParameters parameters, TrialParameters trials) = Decode(
            "cores=255 messages=4294967295 workload=storm workload.cores=3-5 idle.turns=0 kills=100000 seed=4294967295 end=hold live=250 start.deadline=1 start.never=3 start.late=0 fault=write-text@254 hostile.messages=1000000 report=pages measure=rings");

        Assert.Equal(255u, parameters.CoresMax);
        Assert.Equal(4_294_967_295u, trials.Workload.Messages);
        Assert.Equal((WorkloadKind.Storm, 0u), (trials.Workload.Kind(havePrograms: true), trials.Workload.IdleTurns));
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 255).Where(core => trials.Workload.Includes((uint)core)));
        Assert.Equal((100_000u, 4_294_967_295u), (trials.Kills, trials.Seed));
        Assert.Equal(EndPolicy.Hold, parameters.End);
        Assert.Equal(250u, trials.Workload.LiveMilliseconds);
        Assert.Equal(1u, parameters.StartDeadlineMilliseconds);
        Assert.True(trials.StartNever.Is(3) && !trials.StartNever.Is(2));
        Assert.True(trials.StartLate.Is(0) && !trials.StartLate.Is(1));
        Assert.Equal(FaultKind.WriteText, trials.Fault);
        Assert.True(trials.FaultCore.Is(254));
        Assert.Equal(1_000_000u, trials.HostileMessages);
        Assert.True(parameters.ReportPages && trials.MeasureRings);
    }

    [Fact]
    public void EveryFault_HasItsName()
    {
        for (int i = 0; i < s_faults.Length; i++)
        {
            Assert.Equal((FaultKind)(i + 1), Decode($"fault={s_faults[i]}@1").Trials.Fault);
            Assert.Equal(s_faults[i], Encoding.ASCII.GetString(FaultKinds.Name((FaultKind)(i + 1))));
        }

        Assert.Equal(["stray-interrupt", "hostile"], s_faults.Where((_, i) => !FaultKinds.IsLethal((FaultKind)(i + 1))));
        Assert.False(FaultKinds.IsLethal(FaultKind.None));
    }

    [Fact]
    public void EveryWorkload_HasItsName()
    {
        string[] names = ["none", "ring", "matrix", "doorbell", "storm"];
        for (int i = 0; i < names.Length; i++)
        {
            Assert.Equal((WorkloadKind)i, Decode($"workload={names[i]}").Trials.Workload.Kind(havePrograms: i % 2 == 0));
            Assert.Equal(names[i], Encoding.ASCII.GetString(WorkloadKinds.Name((WorkloadKind)i)));
        }
    }

    /// <summary>Without a word about it kernels alone pass messages, and those with programs leave the machine to them.</summary>
    [Fact]
    public void Workload_ThatIsNotSaid_IsForKernelsAlone()
    {
        WorkloadParameters silent = Decode("messages=5").Trials.Workload;

        Assert.Equal((WorkloadKind.Ring, WorkloadKind.None), (silent.Kind(havePrograms: false), silent.Kind(havePrograms: true)));
    }

    [Theory]
    [InlineData("cores", ParameterResult.NotAPair)]
    [InlineData("root=/dev/sda", ParameterResult.UnknownName)]
    [InlineData("=", ParameterResult.UnknownName)]
    [InlineData("Cores=1", ParameterResult.UnknownName)]
    [InlineData("core=1", ParameterResult.UnknownName)]
    [InlineData("coress=1", ParameterResult.UnknownName)]
    [InlineData("cores=", ParameterResult.BadValue)]
    [InlineData("cores=0", ParameterResult.BadValue)]
    [InlineData("cores=256", ParameterResult.BadValue)]
    [InlineData("cores=4=4", ParameterResult.BadValue)]
    [InlineData("cores=4\t", ParameterResult.BadValue)]
    [InlineData("messages=4294967296", ParameterResult.BadValue)]
    [InlineData("messages=-1", ParameterResult.BadValue)]
    [InlineData("ring.messages=1", ParameterResult.UnknownName)]
    [InlineData("workload=", ParameterResult.BadValue)]
    [InlineData("workload=Ring", ParameterResult.BadValue)]
    [InlineData("workload.cores=3", ParameterResult.BadValue)]
    [InlineData("workload.cores=3-2", ParameterResult.BadValue)]
    [InlineData("workload.cores=3-255", ParameterResult.BadValue)]
    [InlineData("idle.turns=65", ParameterResult.BadValue)]
    [InlineData("kills=100001", ParameterResult.BadValue)]
    [InlineData("seed=4294967296", ParameterResult.BadValue)]
    [InlineData("live=600001", ParameterResult.BadValue)]
    [InlineData("start.deadline=0", ParameterResult.BadValue)]
    [InlineData("start.never=255", ParameterResult.BadValue)]
    [InlineData("start.late=x", ParameterResult.BadValue)]
    [InlineData("end=Pass", ParameterResult.BadValue)]
    [InlineData("end=passed", ParameterResult.BadValue)]
    [InlineData("report=page", ParameterResult.BadValue)]
    [InlineData("measure=ring", ParameterResult.BadValue)]
    [InlineData("fault=nmi", ParameterResult.BadValue)]
    [InlineData("fault=none@1", ParameterResult.BadValue)]
    [InlineData("fault=@1", ParameterResult.BadValue)]
    [InlineData("fault=nmi@", ParameterResult.BadValue)]
    [InlineData("fault=nmi@255", ParameterResult.BadValue)]
    [InlineData("fault=nmi@1@1", ParameterResult.BadValue)]
    public void BadWord_IsNamed(string word, ParameterResult expected)
    {
        ParameterResult result = Decode($"  live=5 {word} cores=2", out _, out string bad);

        Assert.Equal(expected, result);
        Assert.Equal(word, bad);
    }

    /// <summary>The product's image knows no parameter that provokes a fault, a death, a failed start or a measurement, and none of workloads.</summary>
    [Theory]
    [InlineData("fault=check@1")]
    [InlineData("kills=1")]
    [InlineData("seed=1")]
    [InlineData("start.never=1")]
    [InlineData("start.late=1")]
    [InlineData("measure=rings")]
    [InlineData("workload=ring")]
    [InlineData("workload=none")]
    [InlineData("workload.cores=1-2")]
    [InlineData("messages=1")]
    [InlineData("idle.turns=0")]
    [InlineData("live=500")]
    public void Product_KnowsNoTrial(string word)
    {
        ProductProfile product = default;

        Assert.Equal(ParameterResult.UnknownName, Decode($"cores=2 {word}", out _, ref product, out string bad));
        Assert.Equal(word, bad);
        Assert.Equal(ParameterResult.Decoded, Decode($"cores=2 {word}", out _, out _));
    }

    /// <summary>Lines grown from good words by mutation, and plain bytes: decoded exactly when every word is in the table.</summary>
    [Fact]
    public void AnyLine_IsDecodedExactlyWhenTheTableAllowsIt() => Seeds.ForEach(3000, random =>
    {
        string line = string.Join(' ', Enumerable.Range(0, random.Next(4)).Select(_ => Word(random)));
        (ParameterResult expected, string expectedWord) = Judge(line);

        ParameterResult result = Decode(line, out _, out string bad);

        Assert.Equal((expected, expectedWord, line), (result, bad, line));
    });

    private static string Word(Random random)
    {
        string name = s_accepts.Keys.ElementAt(random.Next(s_accepts.Count));
        string value = random.Next(6) switch
        {
            0 => "pass",
            1 => random.Next(2) == 0 ? "pages" : "rings",
            2 when random.Next(3) == 0 => $"{random.Next(130)}-{random.Next(130)}",
            2 when random.Next(2) == 0 => ((string[])["ring", "matrix", "doorbell", "storm", "none"])[random.Next(5)],
            2 => $"{s_faults[random.Next(s_faults.Length)]}@{random.Next(130)}",
            _ => ((long)Math.Pow(10, random.NextDouble() * 11)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        StringBuilder word = new($"{name}={value}");
        for (int i = random.Next(3) - 1; i > 0 && word.Length > 0; i--)
        {
            int at = random.Next(word.Length);
            word[at] = random.Next(3) == 0 ? (char)random.Next(1, 256) : "0123456789@=.- "[random.Next(15)];
        }

        return word.ToString();
    }

    private static (ParameterResult Result, string Word) Judge(string line)
    {
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                return (ParameterResult.NotAPair, word);
            }

            if (!s_accepts.TryGetValue(word[..equals], out Func<string, bool>? accepts))
            {
                return (ParameterResult.UnknownName, word);
            }

            if (!accepts(word[(equals + 1)..]))
            {
                return (ParameterResult.BadValue, word);
            }
        }

        return (ParameterResult.Decoded, "");
    }

    private static bool IsNumber(string text, long least, long most) =>
        text.Length > 0 && text.All(char.IsAsciiDigit)
        && System.Numerics.BigInteger.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is var number && number >= least && number <= most;

    private static (BootParameters Product, TrialParameters Trials) Decode(string line)
    {
        TrialProfile profile = default;
        Assert.Equal(ParameterResult.Decoded, Decode(line, out BootParameters parameters, ref profile, out _));
        return (parameters, profile.Parameters);
    }

    private static ParameterResult Decode(string line, out BootParameters parameters, out string badWord)
    {
        TrialProfile profile = default;
        return Decode(line, out parameters, ref profile, out badWord);
    }

    private static ParameterResult Decode<TProfile>(string line, out BootParameters parameters, ref TProfile profile, out string badWord)
        where TProfile : unmanaged, IProfile
    {
        ParameterResult result =
            BootParameterDecoder.Decode(Encoding.Latin1.GetBytes(line), out parameters, ref profile, out ReadOnlySpan<byte> bad);
        badWord = Encoding.Latin1.GetString(bad);
        return result;
    }
}
