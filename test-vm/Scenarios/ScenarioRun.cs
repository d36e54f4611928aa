using Atoll.TestVm.Machine;
using Atoll.TestVm.Symbols;

namespace Atoll.TestVm.Scenarios;

/// <summary>One run of a scenario: boots machines, collects what failed and what was counted.</summary>
public sealed class ScenarioRun(VmShape shape, string imagePath, string? modulePath = null)
{
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Wall time a boot may take: a loaded host slows a guest a hundredfold, and only a hang is a failure.</summary>
    public static TimeSpan BootLimit(int cores) => TimeSpan.FromSeconds(cores <= 6 ? 60 : 150);

    /// <summary>The machine.</summary>
    public VmShape Shape { get; } = shape;

    /// <summary>The image.</summary>
    public string ImagePath { get; } = imagePath;

    /// <summary>Symbols of the image.</summary>
    public SymbolMap Symbols { get; } = SymbolMap.BesideImage(imagePath);

    /// <summary>What did not hold, in words, each with what is needed to repeat it.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>What was counted.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    private static TimeSpan RoundLimit => TimeSpan.FromMilliseconds(200);

    /// <summary>Settings of a boot on this run's machine.</summary>
    public VmSettings Settings(string bootParameters) => new()
    {
        ImagePath = ImagePath,
        ModulePath = modulePath,
        Machine = Shape.Machine,
        Cpu = Shape.Cpu ?? VmSettings.CpuUsual,
        Cores = Shape.Cores,
        MemoryMiB = Shape.MemoryMiB,
        Icount = Shape.Icount,
        Seed = Shape.Seed,
        BootParameters = bootParameters,
        TimeLimit = BootLimit(Shape.Cores) + (RoundLimit * (Shape.Rounds ?? 0)),
    };

    /// <summary>Boots on this run's machine and waits for the end.</summary>
    public VmOutcome Boot(string bootParameters) => VmMachine.Run(Settings(bootParameters));

    /// <summary>Notes a count for the report. Counts of one name add up.</summary>
    public void Count(string name, long value) => _counts[name] = _counts.GetValueOrDefault(name) + value;

    /// <summary>Notes a failure that no boot belongs to.</summary>
    public void Fail(string words) => _failures.Add(words);

    /// <summary>Holds an outcome against expectations; if one fails, adds a report with all that is needed to understand it.</summary>
    /// <remarks>
    /// A run that broke off, on a loaded host by its time limit, lacks records that expectations are about: asking for the one that must be there
    /// throws then. That is a failure of the run like any other, told with the run's own end.
    /// </remarks>
    public void Check(VmOutcome outcome, Action<Expectations> expectations)
    {
        var expected = new Expectations();
        try
        {
            expectations(expected);
        }
        catch (Exception error) when (error is Serial.SerialProtocolException or InvalidOperationException or KeyNotFoundException)
        {
            string words = error is Serial.SerialProtocolException ? error.Message : $"a record that must be there is missing ({error.Message})";
            expected.That(false, outcome.Passed ? words : $"{words}: {outcome.Ending}");
        }

        if (expected.Unmet.Count > 0)
        {
            _failures.Add(FailureReport.Write(outcome, expected.Unmet, Symbols));
        }
    }
}

/// <summary>Collects every expectation that does not hold, rather than stop at the first.</summary>
public sealed class Expectations
{
    private readonly List<string> _unmet = [];

    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Unmet => _unmet;

    /// <summary>States what must be true.</summary>
    /// <returns>Whether it is.</returns>
    public bool That(bool condition, string otherwise)
    {
        if (!condition)
        {
            _unmet.Add(otherwise);
        }

        return condition;
    }

    /// <summary>States that two values are equal.</summary>
    public bool Equal<T>(T expected, T actual, string what) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {Text(expected)}, was {Text(actual)}");

    /// <summary>States that the guest ended by its own verdict, passed.</summary>
    public bool Passed(VmOutcome outcome) =>
        That(outcome.Passed, $"expected a pass: {outcome.Ending}; {outcome.Verdict?.Line ?? "no single @verdict"}");

    // A number this large is an address.
    private static string Text<T>(T value) => value is ulong and > uint.MaxValue ? $"0x{value:x}" : $"{value}";
}
