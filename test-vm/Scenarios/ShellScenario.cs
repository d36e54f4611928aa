using System.Text.RegularExpressions;
using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>The shell answers every question from the programs and the kernel that it asks, and edits lines as people expect.</summary>
public sealed partial class ShellScenario : SystemScenario
{
    /// <inheritdoc/>
    public override string Name => "shell";

    /// <inheritdoc/>
    public override string Description => "a person at the serial line asks a shell in ring 3, and every answer comes by messages";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 128 }, new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        Answers(expect, terminal, run.Shape.Cores);
        Editing(expect, terminal);
        Control(expect, terminal);
        run.Count("programs", 5);
    }

    private static void Answers(Expectations expect, GuestTerminal terminal, int cores)
    {
        string help = Ask(expect, terminal, "help");
        foreach (string command in new[] { "ps", "caps", "mem", "irq", "cores", "kill", "restart", "bench", "log", "instances" })
        {
            expect.That(help.Contains($"\n{command} ", StringComparison.Ordinal), $"'help' does not list '{command}': {help}");
        }

        string programs = Ask(expect, terminal, "ps");
        foreach (string program in new[] { "console", "supervisor", "shell", "coordinator", "agent" })
        {
            expect.That(programs.Contains($"{program,-14} running", StringComparison.Ordinal), $"'ps' does not show that '{program}' runs: {programs}");
        }

        Capabilities(expect, terminal);
        expect.That(Ask(expect, terminal, "mem").Contains("instance", StringComparison.Ordinal), "'mem' does not tell the instance's memory");
        expect.That(Ask(expect, terminal, "irq").Contains("uart-line", StringComparison.Ordinal), "'irq' does not name the console's line");
        expect.That(Ask(expect, terminal, "cores").Contains($"core 0 of {cores}", StringComparison.Ordinal), "'cores' does not count them");
        expect.That(Ask(expect, terminal, "bench").Contains("call to Init", StringComparison.Ordinal), "'bench' measured nothing");
        expect.That(Ask(expect, terminal, "log").Contains("nothing has stopped", StringComparison.Ordinal), "'log' knows of something that stopped");
        expect.That(Ask(expect, terminal, "caps nobody").Contains("no program is called 'nobody'", StringComparison.Ordinal), "an unknown program is not named");
        expect.That(Ask(expect, terminal, "frobnicate").Contains("there is no 'frobnicate'", StringComparison.Ordinal), "an unknown command is not named");
    }

    // What the manifests and systems/shell.toml say, and nothing else. Who serves may only receive, who calls may not receive, figures are only read.
    private static void Capabilities(Expectations expect, GuestTerminal terminal)
    {
        const string Reply = "reply reply rwga";
        Holds(expect, terminal, "console", [Reply, Reply, Reply, Reply, "clients endpoint r---", "uart ports rwga 0x3f8 to 0x3ff", "uart-line interrupt rwga"]);
        Holds(expect, terminal, "supervisor", [Reply, "faults endpoint r---", "system endpoint -wga badge 2", "console endpoint -wga badge 2", "notification r---", "stops channel rwga"]);
        Holds(expect, terminal, "shell",
        [
            Reply, "console endpoint -wga badge 3", "system endpoint -wga badge 3", "watch endpoint -wga badge 3",
            "figures kernel figures r---", "machine kernel figures rw--", "cores endpoint -wga badge 3",
            "notification r---", "agents channel rwga",
        ]);
    }

    private static void Holds(Expectations expect, GuestTerminal terminal, string program, string[] expected)
    {
        string answer = Ask(expect, terminal, $"caps {program}");
        string[] held = [.. Slot().Matches(answer).Select(match => Spaces().Replace(match.Groups[1].Value.Trim(), " "))];
        expect.Equal(string.Join(", ", expected), string.Join(", ", held), $"what '{program}' holds");
    }

    private static void Editing(Expectations expect, GuestTerminal terminal)
    {
        // Completion of a command and of a program's name; a letter taken back; a word taken back; the line before.
        expect.That(Ask(expect, terminal, "ca\tcons\t").Contains("0x3f8", StringComparison.Ordinal), "Tab did not complete 'caps console'");
        expect.That(Ask(expect, terminal, "memm\u007F").Contains("instance", StringComparison.Ordinal), "Backspace did not take a letter back");
        expect.That(Ask(expect, terminal, "nonsense\u0017mem").Contains("instance", StringComparison.Ordinal), "Ctrl-W did not take a word back");
        expect.That(Ask(expect, terminal, "\u001B[A").Contains("instance", StringComparison.Ordinal), "the up arrow did not bring the line back");
        expect.That(Ask(expect, terminal, "em\u001B[Hm").Contains("instance", StringComparison.Ordinal), "Home did not go to the beginning");
        terminal.Type("half a line\u0003");
        Says(expect, terminal, "^C", "the end of a line that was given up");
        Says(expect, terminal, Prompt, "the prompt after Ctrl-C");
    }

    private static void Control(Expectations expect, GuestTerminal terminal)
    {
        expect.That(Ask(expect, terminal, "kill shell").Contains("that is this shell", StringComparison.Ordinal), "the shell was taken away by itself");
        expect.That(Ask(expect, terminal, "restart supervisor").Contains("started again", StringComparison.Ordinal), "the supervisor was not started again");
        string programs = Ask(expect, terminal, "ps");
        expect.That(programs.Contains("supervisor     running     220       2", StringComparison.Ordinal), $"'ps' does not count the second start: {programs}");
        expect.That(Ask(expect, terminal, "start supervisor").Contains("it runs already", StringComparison.Ordinal), "a program that runs was started");

        // Who calls a program that was taken away for good hears so, and is answered again when it is back.
        expect.That(Ask(expect, terminal, "kill supervisor").Contains("taken away", StringComparison.Ordinal), "the supervisor was not taken away");
        expect.That(Ask(expect, terminal, "log").Contains("the supervisor does not answer", StringComparison.Ordinal), "a call to nobody did not end");
        expect.That(Ask(expect, terminal, "start supervisor").Contains("supervisor: started", StringComparison.Ordinal), "the supervisor was not started");
        expect.That(Ask(expect, terminal, "log").Contains("nothing has stopped", StringComparison.Ordinal), "the supervisor does not answer again");
    }

    [GeneratedRegex(@"^ +[0-9]+  (.*)$", RegexOptions.Multiline)]
    private static partial Regex Slot();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
