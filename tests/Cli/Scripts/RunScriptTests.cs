using System.Text.RegularExpressions;
using Atoll.TestVm.Symbols;

namespace Atoll.Cli.Tests.Scripts;

/// <summary>Every way to end <c>run</c> ends it, with one sentence; on a pipe and on a terminal.</summary>
[Collection(ScriptCollection.Name)]
public sealed partial class RunScriptTests
{
    private const string Pass = "s: pass";
    private const string InterruptKey = "\x03";

    [Fact]
    public void KeyBeforeTheBoot_IsNotLost()
    {
        // The kernel throws away what was typed before it set up its UART.
        ScriptOutcome outcome = Script.Run("echo q | ./build.sh run --boot workload=ring --for 100");

        AssertPassed(outcome);
        Assert.Contains("boot  linked", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EndOfInput_EndsARunWithoutATime() => AssertPassed(Script.Run("./build.sh run --boot workload=ring < /dev/null"));

    [Fact]
    public void EndOfInput_LeavesARunWithATimeAlone()
    {
        ScriptOutcome outcome = Script.Run("./build.sh run --boot workload=ring --for 3 < /dev/null");

        AssertPassed(outcome);
        Assert.Contains("core 0: healthy", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void NoTime_IsATime()
    {
        using Script script = Script.Bash("exec ./build.sh run --boot workload=ring --for 0");

        AssertPassed(script.WaitForEnd());
    }

    [Fact]
    public void SignalToTheHostProgram_EndsTheGuestInGoodOrder()
    {
        using Script script = Script.Bash("exec ./build.sh run --boot workload=ring");
        script.WaitFor("core 0: healthy");
        Script.Run($"kill -TERM {script.ProcessId}");

        AssertPassed(script.WaitForEnd());
    }

    [Fact]
    public void SignalToTheEmulator_IsNoTripleFault()
    {
        using Script script = Script.Bash("exec ./build.sh run --boot workload=ring");
        script.WaitFor("core 0: healthy");
        Script.Run($"kill -TERM $(pgrep -P {script.ProcessId} qemu)");
        ScriptOutcome outcome = script.WaitForEnd();

        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("stopped after ", LastLine(outcome.Errors), StringComparison.Ordinal);
        Assert.Contains("terminating on signal 15", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("triple fault", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("@live", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("@live", File.ReadAllText(LogOf(outcome)), StringComparison.Ordinal);
    }

    [Fact]
    public void KeyAfterTheCoordinatorsDeath_EndsAnEndlessWorkload()
    {
        using Script script = Script.Bash("exec ./build.sh run --trials --boot fault=check@0");
        script.WaitFor("the coordinator is dead");
        script.Type("q");

        AssertPassed(script.WaitForEnd());
    }

    [Fact]
    public void BootParameter_ReachesTheKernel()
    {
        ScriptOutcome outcome = Script.Run("./build.sh run --for 60 --boot 'messages=0x1' < /dev/null");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("messages=0x1", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"^failed after [0-9.]+ s: boot-parameter; log: ", LastLine(outcome.Errors));
        Assert.Contains("reason=boot-parameter", File.ReadAllText(LogOf(outcome)), StringComparison.Ordinal);
    }

    /// <summary>With a system the product boots, which takes no parameter of trials.</summary>
    [Fact]
    public void ParameterOfTrials_IsRefusedByTheProduct()
    {
        ScriptOutcome outcome = Script.Run("./build.sh run --system shell --for 60 --boot workload=ring < /dev/null");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("boot parameter 'workload=ring' is unknown to this image", outcome.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public void LeastMemory_Boots() => AssertPassed(Script.Run("./build.sh run --boot workload=ring --cores 1 --memory 3 --for 1 < /dev/null"));

    [Fact]
    public void Terminal_HasATableThatFits_AndKeysThatEnd()
    {
        using Script script = Terminal("./build.sh run --boot workload=ring --cores 24 --icount");

        // 24 lines: six that are no rows, 17 cores, and the sum of the others.
        script.WaitFor("7 more");
        script.Type("q");
        ScriptOutcome outcome = script.WaitForEnd();

        AssertPassed(outcome);
        Assert.DoesNotContain("│      23 │", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_EndsInTheShell()
    {
        using Script script = Terminal("./build.sh run");
        script.WaitFor("healthy");
        script.WaitFor("atoll> ");
        script.Type("ps\r");
        script.WaitFor("supervisor     running");

        // Ctrl-C belongs to the guest: it gives the line up, and nothing ends.
        script.Type("half a line" + InterruptKey);
        script.WaitFor("^C");
        script.Type("exit\r");
        ScriptOutcome outcome = script.WaitForEnd();

        Assert.True(outcome.Code == 0, outcome.Everything);
    }

    /// <summary>On one core and on four, in a wide terminal and in a narrow one, which has fewer columns.</summary>
    [Theory]
    [InlineData(1, 100)]
    [InlineData(1, 40)]
    [InlineData(4, 100)]
    [InlineData(4, 40)]
    public void Terminal_ShellTellsOfEveryCore(int cores, int columns)
    {
        using Script script = Terminal($"./build.sh run --system shell --cores {cores}", columns);

        // The console asks where the cursor has come to at the right (ECMA-48, "DSR" and "CPR"); a terminal answers.
        script.WaitFor("\u001B[6n");
        script.Type($"\u001B[1;{columns}R");
        script.WaitFor("'help' lists");
        script.Type("cores\r");
        script.WaitFor("asleep ms");
        script.Type("ps\r");
        script.WaitFor($"core 0 of {cores}");
        script.WaitFor(columns >= 64 ? $" KiB{cores - 1,6}" : $"agent          running   {cores - 1,5}");
        script.Type("exit\r");
        ScriptOutcome outcome = script.WaitForEnd();

        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.Equal(columns >= 64, outcome.Output.Contains("longest ticks", StringComparison.Ordinal));
        Assert.Equal(columns >= 64, outcome.Output.Contains("memory  core", StringComparison.Ordinal));
    }

    /// <summary>The line that it prints is typed as it is, and stops a program of the second core at a line of C#; afterwards the machine goes on.</summary>
    [Fact]
    public void Debugger_StopsAProgram_ByTheLineThatIsPrinted()
    {
        const string begin = "Atoll.Services.Init.InitBoot.Begin";
        using Script script = Terminal("./build.sh run --gdb --cores 2", columns: 200);
        script.WaitFor("loads the symbols of a program");
        string line = DebuggerLine().Match(script.Output).Groups[1].Value;
        Assert.Contains(" 127.0.0.1:", line, StringComparison.Ordinal);
        string place = SymbolMap.BesideImage(Script.Repository.In("artifacts", "programs", "init.elf")).FirstLineOf(begin)!;

        ScriptOutcome debugger = Script.Run($"{line} -nx -batch -ex 'program init' -ex 'break {place} thread 2' -ex continue -ex backtrace -ex 'info locals'");
        script.WaitFor("atoll> ");
        script.Type("exit\r");
        ScriptOutcome outcome = script.WaitForEnd();

        Assert.Contains("Thread 2 hit Breakpoint 1", debugger.Output, StringComparison.Ordinal);
        Assert.Contains("InitProgram__Main", debugger.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^result = ", debugger.Output);
        Assert.True(outcome.Code == 0, outcome.Everything);
    }

    [Fact]
    public void InterruptKey_BeforeTheBoot_EndsInGoodOrder()
    {
        using Script script = Terminal("./build.sh run --boot workload=ring");
        script.Type(InterruptKey);
        ScriptOutcome outcome = script.WaitForEnd();

        // Typed before the host program listens it is the terminal's own, and ends the script without a word.
        Assert.True(outcome.Code is 0 or 130, outcome.Everything);
        Assert.DoesNotContain("triple fault", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptKey_EndsInGoodOrder()
    {
        using Script script = Terminal("./build.sh run --boot workload=ring");
        script.WaitFor("healthy");
        script.Type(InterruptKey);

        AssertPassed(script.WaitForEnd());
    }

    // 'script' of util-linux gives the command a terminal of its own. A key that is typed before the command has become the terminal's
    // owner means nothing to anybody, so the command says when it has. Where tests run in the background SIGINT may be ignored: not here.
    private static Script Terminal(string command, int columns = 80)
    {
        const string owned = "the terminal has an owner";
        string shown = $"stty rows 24 cols {columns}; echo {owned}; exec env TERM=xterm {command}";
        Script script = Script.Bash($"exec env --default-signal=INT script --quiet --return --command '{shown}' /dev/null");
        script.WaitFor(owned);
        return script;
    }

    private static void AssertPassed(ScriptOutcome outcome)
    {
        Assert.True(outcome.Code == 0, outcome.Everything);
        Assert.EndsWith(Pass, LastLine(outcome.Output), StringComparison.Ordinal);
    }

    // Up to the carriage return that the terminal puts before the end of a line.
    [GeneratedRegex(@"waiting for: ([^\r\n]+)")]
    private static partial Regex DebuggerLine();

    private static string LogOf(ScriptOutcome outcome) => LastLine(outcome.Errors).Split("log: ")[1];

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1].TrimEnd();
}
