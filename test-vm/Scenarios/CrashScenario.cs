using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Symbols;

namespace Atoll.TestVm.Scenarios;

/// <summary>Programs that fault are reported, started again as often as the system allows, and leave nothing behind.</summary>
public sealed partial class CrashScenario : SystemScenario
{
    private const int Restarts = 3;
    private const int CyclesUsual = 300;
    private const int CyclesLong = 10_000;

    /// <inheritdoc/>
    public override string Name => "crash";

    /// <inheritdoc/>
    public override string Description =>
        $"a faulting program is reported and started again {Restarts} times, no more, and {CyclesUsual} starts and ends (--rounds) return every byte and slot";

    /// <inheritdoc/>
    public override string? SystemName => "crash";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes =>
        [new(1) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128, Rounds = CyclesLong, IsLong = true }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        string log = AwaitFaults(expect, terminal);
        expect.That(Regex.Count(log, "crash .*page-fault at 0x[0-9a-f]+, 0xdead0000: restarted") == Restarts, $"not {Restarts} restarts of 'crash': {log}");
        expect.That(log.Contains("0xdead0000: budget-spent", StringComparison.Ordinal), $"the budget of 'crash' was not spent: {log}");
        expect.That(Regex.IsMatch(log, "checker .*invalid-opcode at 0x[0-9a-f]+, 0x[0-9a-f]+: not-restarted"), $"'checker' did not fail its check once: {log}");
        expect.That(log.Contains("ended with code 0", StringComparison.Ordinal), $"'hello' did not end well: {log}");
        expect.That(terminal.Heard.Contains("hello from 'hello' on core 0", StringComparison.Ordinal), "'hello' said nothing");
        expect.That(
            Regex.Count(terminal.Heard, "@fault program=crash image=crash kind=page-fault rip=0x") == Restarts + 1, $"not {Restarts + 1} records of faults");

        Match check = FailedCheck().Match(terminal.Heard);
        string place = SymbolMap.BesideImage("artifacts/programs/crash.elf").Describe(Convert.ToUInt64(check.Success ? check.Groups[1].Value : "0", 16));
        expect.That(
            place.Contains("CrashProgram.Index+", StringComparison.Ordinal) && place.Contains("CrashProgram.cs:", StringComparison.Ordinal),
            $"the failed check of 'checker' is reported at {place}, not in the method that makes it");

        string programs = Ask(expect, terminal, "ps");
        expect.That(Regex.IsMatch(programs, @"crash +faulted .*page-fault"), $"'ps' does not say that 'crash' faulted: {programs}");
        expect.That(Regex.IsMatch(programs, @"hello +ended .*code 0"), $"'ps' does not say that 'hello' has ended: {programs}");
        Churn(run, expect, terminal);
    }

    [GeneratedRegex("@fault program=checker image=crash kind=invalid-opcode rip=0x([0-9a-f]+)")]
    private static partial Regex FailedCheck();

    private static string AwaitFaults(Expectations expect, GuestTerminal terminal)
    {
        // Whatever comes last: after both, nothing happens any more but what is typed.
        foreach (string last in new[] { "outcome=budget-spent", "@fault program=checker", "@fault program=faulty" })
        {
            expect.That(terminal.WaitUntilHeard(last), $"'{last}' was never said");
        }

        const string NoCommand = "settled";
        terminal.Type(NoCommand + "\r");
        Says(expect, terminal, $"there is no '{NoCommand}'", "the answer to what is no command");
        Says(expect, terminal, Prompt, "the prompt after it");
        return Ask(expect, terminal, "log");
    }

    // 'faulty' writes where nothing is mapped, 'quiet' ends by itself. What a program had is what the next one of its place gets: memory and slots are as before, or a start fails at last.
    private static void Churn(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        int cycles = run.Shape.Rounds ?? CyclesUsual;
        string before = Held(expect, terminal);
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            bool isFaulty = cycle % 2 == 0;
            string program = isFaulty ? "faulty" : "quiet";
            string answer = Ask(expect, terminal, $"restart {program}");
            if (!expect.That(answer.Contains($"{program}: started again", StringComparison.Ordinal), $"start {cycle} of '{program}' failed: {answer}"))
            {
                return;
            }

            if (isFaulty && !(Says(expect, terminal, $"@fault program={program}", $"fault {cycle}") && Says(expect, terminal, Prompt, "the prompt after it")))
            {
                return;
            }
        }

        expect.Equal(before, Held(expect, terminal), $"memory and slots before and after {cycles} starts");
        run.Count("starts", cycles);
    }

    // All memory by whom it is held, and what each program that serves the others has in its slots.
    private static string Held(Expectations expect, GuestTerminal terminal) => string.Concat(
        Ask(expect, terminal, "mem"), Ask(expect, terminal, "caps supervisor"), Ask(expect, terminal, "caps console"), Ask(expect, terminal, "caps shell"));
}
