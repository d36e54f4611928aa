using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>A scenario that a person plays at the shell of a system.</summary>
public abstract partial class SystemScenario : Scenario
{
    /// <summary>What the shell says when it listens.</summary>
    protected const string Prompt = "atoll> ";

    /// <summary>Boot parameters of a system whose console is a program.</summary>
    protected virtual string Parameters => "end=never grant=8 console=program";

    /// <inheritdoc/>
    protected override void Execute(ScenarioRun run)
    {
        using GuestTerminal terminal = new(Equip(run.Settings(BootParameters(run.Shape))), ScenarioRun.BootLimit(run.Shape.Cores));
        PlayToTheEnd(run, terminal, _ => { });
    }

    /// <summary>Boot parameters on one machine: those of all machines, unless they differ.</summary>
    protected virtual string BootParameters(VmShape shape) => Parameters;

    /// <summary>Adds to the machine what the system needs besides.</summary>
    protected virtual VmSettings Equip(VmSettings settings) => settings;

    /// <summary>Plays at the prompt, ends the machine through its shell, and judges.</summary>
    /// <param name="run">The run.</param>
    /// <param name="terminal">The machine's terminal.</param>
    /// <param name="more">What else must hold.</param>
    protected void PlayToTheEnd(ScenarioRun run, GuestTerminal terminal, Action<Expectations> more)
    {
        var expect = new Expectations();
        if (Says(expect, terminal, Prompt, "the shell's prompt"))
        {
            Play(run, expect, terminal);
            terminal.Type("exit\r");
        }
        else
        {
            terminal.Machine.Stop();
        }

        VmOutcome outcome = terminal.Machine.WaitForEnd();
        run.Check(outcome, checks =>
        {
            foreach (string unmet in expect.Unmet)
            {
                checks.That(false, unmet);
            }

            checks.Passed(outcome);
            more(checks);
        });
    }

    /// <summary>What the person does, once the shell listens.</summary>
    protected abstract void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal);

    /// <summary>Types a command and reads its answer up to the next prompt.</summary>
    protected static string Ask(Expectations expect, GuestTerminal terminal, string command)
    {
        terminal.Type(command + "\r");
        string? answer;
        do
        {
            _ = terminal.ReadUntil("\r\n");
            answer = terminal.ReadUntil(Prompt);
        }
        while (answer is not null && RecordBetween().IsMatch(answer));

        expect.That(answer is not null, $"'{command}' was not answered; heard last: {Last(terminal)}");
        return Escapes().Replace(answer ?? "", "");
    }

    /// <summary>What programs write brings prompts of its own: from here on the next prompt is that of the next answer.</summary>
    protected static void Settle(Expectations expect, GuestTerminal terminal)
    {
        const string NoCommand = "settled";
        terminal.Type(NoCommand + "\r");
        Says(expect, terminal, $"there is no '{NoCommand}'", "the answer to what is no command");
        Says(expect, terminal, Prompt, "the prompt after it");
    }

    /// <summary>Expects the terminal to say something.</summary>
    protected static bool Says(Expectations expect, GuestTerminal terminal, string words, string what) =>
        expect.That(terminal.ReadUntil(words) is not null, $"{what} did not come ('{words}'); heard last: {Last(terminal)}");

    private static string Last(GuestTerminal terminal)
    {
        const int Shown = 300;
        string heard = terminal.Heard;
        return heard.Length <= Shown ? heard : heard[^Shown..];
    }

    // A record that comes while a line is typed: the line is drawn again below, prompt and all.
    [GeneratedRegex("^@[^\n]*\n[^\n]*$")]
    private static partial Regex RecordBetween();

    [GeneratedRegex("\u001B(\\[[0-9;]*[A-Za-z]|[78])|\r")]
    private static partial Regex Escapes();
}
