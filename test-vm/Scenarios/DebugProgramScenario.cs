using System.Text.RegularExpressions;
using Atoll.TestVm.Debugger;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Symbols;

namespace Atoll.TestVm.Scenarios;

/// <summary>An engineer debugs a program on a core of its own, and sees from the kernel through its system call into it.</summary>
public sealed partial class DebugProgramScenario : SystemScenario
{
    /// <summary>Runs on every core, so also where no other program does.</summary>
    private const string Program = "init";

    private const string Begin = "Atoll.Services.Init.InitBoot.Begin";

    /// <summary>Runs inside a system call.</summary>
    private const string Kernel = "Atoll.Cap.FrameMapping.Map";

    private const int Core = 1;

    // Threads are numbered from 1, in the order of the cores.
    private const int Thread = Core + 1;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <inheritdoc/>
    public override string Name => "debug-program";

    /// <inheritdoc/>
    public override string Description => "GDB stops a program of the second core at a line of C#, prints its values, steps, and sees through a system call";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(2) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [GdbBatch.Package];

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("atoll-gdb-");
        try
        {
            string socket = Path.Combine(folder.FullName, "gdb");
            using GuestTerminal terminal = new(run.Settings(Parameters) with { GdbAddress = socket, TimeLimit = s_limit }, s_limit);

            // When the control socket answers, the debugger's is there.
            terminal.Machine.Qmp.Execute("query-status");
            (string begin, string kernel) = Places(run);
            GdbTranscript said = GdbBatch.Ask(run.ImagePath, socket, Questions(begin, kernel), s_limit);
            PlayToTheEnd(run, terminal, expect =>
            {
                Lines(expect, said, begin);
                Stacks(expect, said);
                expect.That(expect.Unmet.Count == 0, $"GDB's errors: {said.Errors}");
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        // GDB has gone, and the machine goes on as if nobody had looked.
        expect.That(Ask(expect, terminal, "ps").Contains("console        running", StringComparison.Ordinal), "the console does not run");
    }

    private static (string Begin, string Kernel) Places(ScenarioRun run)
    {
        string image = Path.Combine(Path.GetDirectoryName(run.ImagePath) ?? "", "programs", $"{Program}.elf");
        return (Line(SymbolMap.BesideImage(image), Begin), Line(run.Symbols, Kernel));
    }

    private static string Line(SymbolMap symbols, string method) =>
        symbols.FirstLineOf(method) ?? throw new VmException($"the map has no line of {method}");

    private static (string, string)[] Questions(string begin, string kernel) =>
    [
        ("other", GdbBatch.ProgramCommand("shell")),
        ("symbols", GdbBatch.ProgramCommand(Program)),
        ("break", $"break {begin} thread {Thread}"),
        ("hit", "continue"),
        ("stack", "backtrace"),
        ("next", "next"),
        ("locals", "info locals"),
        ("step", "next"),
        ("core", "print state.Core"),
        ("clear", "delete"),
        ("kernel", $"break {kernel} thread {Thread}"),
        ("called", "continue"),
        ("through", "backtrace"),
        ("end", "delete"),
    ];

    private static void Lines(Expectations expect, GdbTranscript said, string begin)
    {
        string[] fileAndLine = begin.Split(':');
        expect.That(
            said["break"].EndsWith($"file {fileAndLine[0]}, line {fileAndLine[1]}.", StringComparison.Ordinal),
            $"no breakpoint at {begin}: {said["break"]}");
        expect.That(said["hit"].Contains($"Thread {Thread} hit Breakpoint 1", StringComparison.Ordinal), $"not hit: {said["hit"]}");
        expect.That(LineIn(said["next"]) > 0 && LineIn(said["step"]) > LineIn(said["next"]), $"steps: {said["next"]} {said["step"]}");
        expect.That(Regex.IsMatch(said["locals"], "^result = ", RegexOptions.Multiline), $"locals: {said["locals"]}");

        // What the kernel told the program, which has stored it at the line before.
        expect.That(said["core"].EndsWith($"= {Core}", StringComparison.Ordinal), $"state.Core: {said["core"]}");
    }

    private static int LineIn(string answer) =>
        NumberOfLine().Match(answer) is { Success: true } line ? int.Parse(line.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : -1;

    private static void Stacks(Expectations expect, GdbTranscript said)
    {
        GdbStack.InOrder(expect, said["stack"], "InitBoot__Begin", "InitProgram__Main", "in program_entry ()");
        GdbStack.InOrder(
            expect, said["through"],
            "FrameMapping__Map", "<signal handler called>", "in x64_call ()", "BundleView__Map", "InitBoot__Begin", "InitProgram__Main", "in program_entry ()");
    }

    // A step prints the line's number, a tab and its text.
    [GeneratedRegex(@"^(\d+)\t", RegexOptions.Multiline)]
    private static partial Regex NumberOfLine();
}
