using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Scenarios;

/// <summary>The shell answers every question from the programs and the kernel that it asks, and edits lines as people expect.</summary>
public sealed class ShellScenario : SystemScenario
{
    /// <inheritdoc/>
    public override string Name => "shell";

    /// <inheritdoc/>
    public override string Description => "a person at the serial line asks a shell in ring 3, and every answer comes by messages";

    /// <inheritdoc/>
    public override string? SystemName => "shell";

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(4) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        Answers(expect, terminal);
        Editing(expect, terminal);
        Control(expect, terminal);
        run.Count("programs", 3);
    }

    private static void Answers(Expectations expect, GuestTerminal terminal)
    {
        string help = Ask(expect, terminal, "help");
        foreach (string command in new[] { "ps", "caps", "mem", "irq", "cores", "kill", "restart", "bench", "log" })
        {
            expect.That(help.Contains($"\n{command} ", StringComparison.Ordinal), $"'help' does not list '{command}': {help}");
        }

        string programs = Ask(expect, terminal, "ps");
        foreach (string program in new[] { "console", "supervisor", "shell" })
        {
            expect.That(programs.Contains($"{program,-14} running", StringComparison.Ordinal), $"'ps' does not show that '{program}' runs: {programs}");
        }

        string capabilities = Ask(expect, terminal, "caps console");
        expect.That(capabilities.Contains("0x3f8 to 0x3ff", StringComparison.Ordinal), $"'caps console' does not show its ports: {capabilities}");
        expect.That(!capabilities.Contains("untyped", StringComparison.Ordinal), $"the console holds memory that its manifest does not ask for: {capabilities}");
        expect.That(Ask(expect, terminal, "mem").Contains("instance", StringComparison.Ordinal), "'mem' does not tell the instance's memory");
        expect.That(Ask(expect, terminal, "irq").Contains("uart-line", StringComparison.Ordinal), "'irq' does not name the console's line");
        expect.That(Ask(expect, terminal, "cores").Contains("core 0 of 4", StringComparison.Ordinal), "'cores' does not count them");
        expect.That(Ask(expect, terminal, "bench").Contains("call to Init", StringComparison.Ordinal), "'bench' measured nothing");
        expect.That(Ask(expect, terminal, "log").Contains("nothing has stopped", StringComparison.Ordinal), "'log' knows of something that stopped");
        expect.That(Ask(expect, terminal, "caps nobody").Contains("no program is called 'nobody'", StringComparison.Ordinal), "an unknown program is not named");
        expect.That(Ask(expect, terminal, "frobnicate").Contains("there is no 'frobnicate'", StringComparison.Ordinal), "an unknown command is not named");
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
    }
}
