using System.Text.RegularExpressions;
using Atoll.TestVm.Debugger;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>An engineer debugs a kernel instance at the level of its C# source.</summary>
public sealed class DebugScenario : Scenario
{
    /// <summary>A function that every turn of an instance runs.</summary>
    private const string Turn = "Atoll.Links.EventLoop.Turn";

    /// <summary>Runs inside an interrupt: the guest sends itself one that nobody asked for.</summary>
    private const string Interrupted = "Atoll_Trap_Atoll_Trap_TrapHandler__CountStray";

    /// <summary>Gets a span, the name of a record that comes on the console.</summary>
    private const string Begin = "Atoll_Console_Atoll_Console_SerialRecord__Begin";

    private const int Core = 1;

    // Threads are numbered from 1, in the order of the cores.
    private const int Thread = Core + 1;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <inheritdoc/>
    public override string Name => "debug";

    /// <inheritdoc/>
    public override string Description => "GDB stops a core at a line of C#, prints its state and a span, steps, and sees through interrupts";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(2)];

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [GdbBatch.Package];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        string place = run.Symbols.FirstLineOf(Turn) ?? throw new VmException($"the map has no line of {Turn}");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("atoll-gdb-");
        try
        {
            string socket = Path.Combine(folder.FullName, "gdb");
            VmSettings settings = run.Settings($"messages=2000 end=pass fault=stray-interrupt@{Core}") with
            {
                GdbAddress = socket,
                TimeLimit = s_limit,
            };
            using VmMachine machine = VmMachine.Start(settings);

            // When the control socket answers, the debugger's is there.
            machine.Qmp.Execute("query-status");
            GdbTranscript said = GdbBatch.Ask(run.ImagePath, socket, Questions(place), s_limit);
            VmOutcome outcome = machine.WaitForEnd();
            run.Check(outcome, expect =>
            {
                Source(expect, said, place);
                State(expect, said, run.Shape.Cores);
                Steps(expect, said, place);
                Stacks(expect, said);
                Span(expect, said, outcome);
                expect.Passed(outcome);
                expect.That(expect.Unmet.Count == 0, $"GDB's errors: {said.Errors}");
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string, string)[] Questions(string place) =>
    [
        ("reset", "print/x $pc"),
        ("break", $"break {place} thread {Thread}"),
        ("hit", "continue"),
        ("source", "info source"),
        ("argument", "print state.Core"),
        ("threads", "info threads"),
        ("cores", "thread apply all -q -ascending print $instance->Core"),
        ("next", "next"),
        ("locals", "info locals"),
        ("step", "step"),
        ("stack", "backtrace"),
        ("clear", "delete"),
        ("stray", $"break {Interrupted}"),
        ("struck", "continue"),
        ("interrupted", "backtrace"),
        ("end", "delete"),
        ("record", $"break *{Begin}"),
        ("begun", "continue"),
        ("length", "print name._length"),
        ("text", "eval \"x/%dub &name._reference\", name._length"),
        ("done", "delete"),
    ];

    private static void Source(Expectations expect, GdbTranscript said, string place)
    {
        // Intel SDM Vol. 3A, "First Instruction Executed": 16 bytes below 64 KiB of the code segment.
        expect.That(said["reset"].EndsWith("= 0xfff0", StringComparison.Ordinal), $"not before the first instruction: {said["reset"]}");
        string[] fileAndLine = place.Split(':');
        expect.That(
            said["break"].EndsWith($"file {fileAndLine[0]}, line {fileAndLine[1]}.", StringComparison.Ordinal),
            $"no breakpoint at {place}: {said["break"]}");
        expect.That(said["hit"].Contains($"Thread {Thread} hit Breakpoint 1", StringComparison.Ordinal), $"not hit: {said["hit"]}");
        Match located = Regex.Match(said["source"], "^Located in (.*)$", RegexOptions.Multiline);
        expect.That(located.Success && File.Exists(located.Groups[1].Value), $"GDB does not find the source: {said["source"]}");
    }

    private static void State(Expectations expect, GdbTranscript said, int cores)
    {
        expect.That(said["argument"].EndsWith($"= {Core}", StringComparison.Ordinal), $"argument: {said["argument"]}");
        expect.Equal(cores, Regex.Count(said["threads"], @"^\*? +\d+ +Thread ", RegexOptions.Multiline), "threads");
        IEnumerable<string> values = Regex.Matches(said["cores"], @"^\$\d+ = (\d+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        expect.Equal(string.Join(' ', Enumerable.Range(0, cores)), string.Join(' ', values), "Core in the state of each thread's instance");
        expect.That(Regex.IsMatch(said["locals"], "^received = (true|false)", RegexOptions.Multiline), $"locals: {said["locals"]}");
    }

    private static void Steps(Expectations expect, GdbTranscript said, string place)
    {
        int[] lines =
        [
            int.Parse(place.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture),
            .. new[] { "next", "step" }.Select(name => LineIn(said[name])),
        ];

        // A step goes into a call, which GDB names by its file, or on to a later line.
        bool goesOn = said["step"].Contains(".cs:", StringComparison.Ordinal) || lines[1] < lines[2];
        expect.That(lines[0] < lines[1] && lines[2] > 0 && goesOn, $"steps went over lines {string.Join(", ", lines)}: {said["next"]} {said["step"]}");
    }

    // A span is two registers; in the wrong order its length would be an address.
    private static void Span(Expectations expect, GdbTranscript said, VmOutcome outcome)
    {
        IEnumerable<byte> bytes = Regex.Matches(said["text"], @"\t(\d+)")
            .Select(match => byte.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
        string name = System.Text.Encoding.ASCII.GetString([.. bytes]);
        expect.That(outcome.RecordsOf(name).Count > 0, $"no record is called '{name}': {said["length"]}, {said["text"]}");
        expect.That(said["length"].EndsWith($"= {name.Length}", StringComparison.Ordinal), $"length of '{name}': {said["length"]}");
    }

    // A step prints the line's number, a tab and its text.
    private static int LineIn(string answer) =>
        Regex.Match(answer, @"^(\d+)\t", RegexOptions.Multiline) is { Success: true } line
            ? int.Parse(line.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : -1;

    private static void Stacks(Expectations expect, GdbTranscript said)
    {
        GdbStack.InOrder(expect, said["stack"], "EventLoop__Turn", "Member__Live", "Member__Run", "in x64_enter_instance ()");
        GdbStack.InOrder(
            expect, said["interrupted"],
            "TrapHandler__CountStray", "<signal handler called>", "Member__Live", "in x64_enter_instance ()");
    }
}
