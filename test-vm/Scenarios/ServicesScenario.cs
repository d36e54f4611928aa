using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>Memory, names and clock serve programs that hold a capability for them, up to what the system allows, and forget the dead.</summary>
public sealed class ServicesScenario : SystemScenario
{
    // What services/Errand says, in the order in which it asks.
    private static readonly string[] s_said =
    [
        "quota 64 KiB: done",
        "take 32 KiB: done",
        "take 16 KiB: done",
        "make a page of it: done",
        "take 32 KiB in place of the first: done",
        "take 32 KiB more: quota-spent",
        "give 32 KiB back: done",
        "find 'clock': done",
        "the date: is later than 2023",
        "sleep 20 ms: done",
        "sleep until 20 ms later: done",
        "5 ticks of 10 ms: done",
        "end of ticks: done",
        "find 'nobody': unknown",
        "find 'late': not-registered",
        "register 'clock': not-allowed",
        "register 'errand': done",
        "register 'errand' again: taken",
        "find 'errand': done",
    ];

    /// <inheritdoc/>
    public override string Name => "services";

    /// <inheritdoc/>
    public override string Description => "programs get memory up to their quotas, find servers by name, sleep and are ticked, and nothing of the dead is left";

    /// <inheritdoc/>
    public override string? SystemName => "services";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        AwaitErrands(expect, terminal);
        string names = Ask(expect, terminal, "names");
        expect.That(Regex.IsMatch(names, "clock +clock +registered"), $"'names' does not know the clock: {names}");
        expect.That(Regex.IsMatch(names, "errand +errand +server-gone"), $"'names' does not see that 'errand' is dead: {names}");
        expect.That(Regex.IsMatch(names, "late +holder +not-registered"), $"'names' does not know of the name that nobody took: {names}");

        Quota(expect, terminal, "errand", 0, pieces: 0);
        Quota(expect, terminal, "holder", 64, pieces: 1);
        Kill(expect, terminal);
        expect.That(Ask(expect, terminal, "start holder").Contains("started", StringComparison.Ordinal), "'holder' was not started");
        Says(expect, terminal, "errand: find 'clock': done", "the clock that 'holder' found");
        Settle(expect, terminal);
        Quota(expect, terminal, "holder", 64, pieces: 1);
        Restart(expect, terminal);
        run.Count("answers", s_said.Length);
    }

    // What 'holder' made of its memory the server of names still has: only who is told of the death gets that memory back.
    private static void Kill(Expectations expect, GuestTerminal terminal)
    {
        string names = Ask(expect, terminal, "names");
        expect.That(Regex.IsMatch(names, "held +holder +registered"), $"'holder' has given nothing on: {names}");
        expect.That(Ask(expect, terminal, "kill holder").Contains("taken away", StringComparison.Ordinal), "'holder' was not taken away");
        Quota(expect, terminal, "holder", 0, pieces: 0);
        names = Ask(expect, terminal, "names");
        expect.That(Regex.IsMatch(names, "held +holder +server-gone"), $"what 'holder' gave on is still there: {names}");
    }

    // A clock that was started again registers again; whoever slept there hears that it is dead.
    private static void Restart(Expectations expect, GuestTerminal terminal)
    {
        expect.That(Ask(expect, terminal, "restart clock").Contains("started again", StringComparison.Ordinal), "the clock was not started again");
        string names = Ask(expect, terminal, "names");
        expect.That(Regex.IsMatch(names, "clock +clock +registered"), $"the clock has not registered again: {names}");
        expect.That(Ask(expect, terminal, "start errand").Contains("started", StringComparison.Ordinal), "'errand' was not started");
        Says(expect, terminal, "errand: find 'errand': done", "the end of the second errand");
    }

    private static void AwaitErrands(Expectations expect, GuestTerminal terminal)
    {
        expect.That(terminal.WaitUntilHeard($"errand: {s_said[^1]}"), "the errand was not done");
        expect.That(terminal.WaitUntilHeard("hold 64 KiB: done"), "'holder' did not get its memory");
        expect.That(terminal.WaitUntilHeard("register 'held': done"), "'holder' did not give on what it made of its memory");
        int from = 0;
        string heard = terminal.Heard;
        foreach (string line in s_said)
        {
            int at = heard.IndexOf($"errand: {line}", from, StringComparison.Ordinal);
            expect.That(at >= 0, $"'{line}' was not said after what comes before it");
            from = at < 0 ? from : at;
        }

        Settle(expect, terminal);
    }

    private static void Quota(Expectations expect, GuestTerminal terminal, string program, int kib, int pieces)
    {
        string report = Ask(expect, terminal, "mem");
        expect.That(
            Regex.IsMatch(report, $"quota of {program} +{kib} KiB of +64 KiB, pieces {pieces}\n"), $"'{program}' does not have {kib} KiB in {pieces} pieces: {report}");
    }
}
