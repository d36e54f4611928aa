using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Scenarios;

/// <summary>Boots the tests that run as a program of each instance (<c>services/Suite</c>), and judges some of their groups.</summary>
/// <remarks>
/// Each core runs all tests, one core after the other, and says so line by line: <c>@test</c> for each test, <c>@suite</c> for each group. A group that is
/// missing, or counts other than its tests, fails like a test that failed. All of it holds whichever way system calls take.
/// </remarks>
public abstract class ProgramTestScenario : Scenario
{
    /// <summary>What the groups of attacks begin with.</summary>
    protected const string Attack = "attack-";

    /// <summary>QEMU's device for learning to write drivers: registers, messages, transfers (group <c>device</c>).</summary>
    private const string EducationalDevice = "edu";

    /// <summary>Wall time that each core's tests may take.</summary>
    /// <remarks>Under instruction counting the cores take turns, and each has some ten million instructions of tests, and waits of milliseconds beside them.</remarks>
    public TimeSpan LimitOfCore { get; init; } = TimeSpan.FromSeconds(240);

    /// <inheritdoc/>
    public override string Bundle => "suite.bundle";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
    [
        Shape(1, VmShape.QuickCalls),
        Shape(4, VmShape.QuickCalls),
        Shape(1, VmShape.LongCalls),
        Shape(4, VmShape.LongCalls) with { IsLong = true },
    ];

    /// <summary>Groups that a machine must report, each on every core.</summary>
    protected abstract IReadOnlyList<string> Groups { get; }

    /// <summary>A machine for these tests: with instructions counted, and memory for each core's objects.</summary>
    protected static VmShape Shape(int cores, string calls) => new(cores) { Icount = true, MemoryMiB = 128, Calls = calls };

    /// <summary>Whether a group is judged.</summary>
    protected abstract bool Judges(string group);

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        VmOutcome outcome = VmMachine.Run(run.Settings("end=never grant=16") with
        {
            ModulePath = BundleBeside(run.ImagePath),
            Devices = [EducationalDevice],
            TimeLimit = LimitOfCore * run.Shape.Cores,
        });
        run.Check(outcome, expect => Judge(run, outcome, expect));
    }

    private void Judge(ScenarioRun run, VmOutcome outcome, Expectations expect)
    {
        // Other groups than those judged may have failed: then the verdict is theirs, and the end of the run the only thing to hold.
        expect.That(outcome.Exit is VmExit.Passed or VmExit.Failed, $"the tests did not come to their end: {LastTest(outcome)}; {outcome.Ending}");
        List<SerialRecord> tests = [.. outcome.RecordsOf("test").Where(test => Judges(test["group"]))];
        foreach (SerialRecord test in tests.Where(test => test["result"] != "pass"))
        {
            expect.That(
                false,
                $"core {test["core"]}: {test["group"]}.{test["name"]} failed at step {test["step"]}: expected {test["expected"]}, was {test["actual"]}");
        }

        for (int core = 0; core < run.Shape.Cores; core++)
        {
            foreach (string group in Groups)
            {
                JudgeGroup(run, outcome, expect, core, group, tests);
            }
        }
    }

    private static void JudgeGroup(
        ScenarioRun run, VmOutcome outcome, Expectations expect, int core, string group, IReadOnlyList<SerialRecord> tests)
    {
        SerialRecord? sum = outcome.RecordsOf("suite").FirstOrDefault(record => record.SmallNumber("core") == core && record["group"] == group);
        if (!expect.That(sum is not null, $"core {core}: group {group} has no @suite record: {LastTest(outcome)}"))
        {
            return;
        }

        int passed = tests.Count(test => test.SmallNumber("core") == core && test["group"] == group && test["result"] == "pass");
        expect.Equal(passed, sum!.SmallNumber("passed"), $"core {core}: passed tests of group {group}");
        expect.That(passed > 0, $"core {core}: no test of group {group} passed");
        expect.Equal(0, sum.SmallNumber("failed"), $"core {core}: failed tests of group {group}");
        run.Count($"core{core}.{group}", passed);
        run.Count("tests", passed);
    }

    private static string LastTest(VmOutcome outcome) =>
        outcome.RecordsOf("test") is [.., SerialRecord last] ? $"the last was '{last.Line}'" : "none ran";

    private string BundleBeside(string image)
    {
        string path = Path.Combine(Path.GetDirectoryName(image) ?? "", Bundle);
        return File.Exists(path)
            ? path
            : throw new IOException($"{path} is missing: build it with 'dotnet build services/Suite/Program -c Release'");
    }
}
