using Atoll.Cli.Terminal;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;
using Microsoft.Win32.SafeHandles;

namespace Atoll.Cli.Running;

/// <summary>A run of a system: the boot's story, then the terminal is the guest's.</summary>
/// <param name="settings">What to boot.</param>
/// <param name="programs">Folder of the programs' images.</param>
/// <param name="log">Keeps what was said when it does not end well.</param>
public sealed class SystemSession(VmSettings settings, string programs, RunLog log)
{
    private readonly BootStory _story = new(settings.Icount);
    private readonly FaultNote _faults = new(programs);
    private readonly SymbolMap _kernel = SymbolMap.BesideImage(settings.ImagePath);
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly ManualResetEventSlim _isSpeaking = new();
    private bool _isTold;
    private bool _isAtLineStart = true;

    /// <summary>Runs until the guest ends, the user ends it, or the time is over.</summary>
    /// <param name="duration">Wall time to run for, or null for ever.</param>
    /// <returns>Exit code: 0 when the guest's verdict is pass, or when it was ended as asked and nothing had gone wrong.</returns>
    public int Run(TimeSpan? duration)
    {
        ConsoleFilter filter = new(Show, Take);
        using RawTerminal terminal = RawTerminal.Enter();
        using VmMachine machine = VmMachine.StartRaw(settings, filter.Add);
        // Not Console's stream: that one reads whole lines of a terminal.
        using var handle = new SafeFileHandle(0, ownsHandle: false);
        using var input = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        using var typing = new GuestTyping(machine, input, !Console.IsInputRedirected, _isSpeaking, duration);
        bool isAsked = typing.WaitForEnd();
        VmOutcome outcome = machine.WaitForEnd();
        filter.End();
        terminal.Dispose();
        if (!_isTold)
        {
            TellStory();
        }

        if (!_isAtLineStart)
        {
            Console.WriteLine();
        }

        return Conclude(outcome, isAsked);
    }

    // All output is written by the thread that reads the serial line, so its order is the guest's.
    private void Show(ReadOnlyMemory<byte> text)
    {
        if (_isTold)
        {
            _isSpeaking.Set();
        }

        _output.Write(text.Span);
        _output.Flush();
        _isAtLineStart = text.Span[^1] == (byte)'\n';
    }

    private void Take(SerialRecord record)
    {
        switch (record.Name)
        {
            case "fault":
                Progress.Say(_faults.Of(record));
                break;
            case "panic" or "frame":
                foreach (string line in FailureReport.Panics([record], _kernel))
                {
                    Progress.Say(line);
                }

                break;
            default:
                _story.Add(record);
                if (_story.IsComplete && !_isTold)
                {
                    TellStory();
                }

                break;
        }
    }

    private void TellStory()
    {
        _isTold = true;
        foreach (string line in _story.Lines())
        {
            Console.WriteLine(line);
        }

        Console.Out.Flush();
    }

    private int Conclude(VmOutcome outcome, bool isAsked)
    {
        bool hasFailed = outcome.Records.Any(record =>
            record.Name == "panic" || (record.Name == "verdict" && record["result"] != "pass"));
        if (outcome.Passed || (isAsked && outcome.Exit == VmExit.Stopped && !hasFailed))
        {
            Console.WriteLine(RunReport.SystemSentence(outcome));
            return 0;
        }

        Progress.Say($"{RunReport.Sentence(outcome, isAsked)}; log: {log.Write(outcome)}");
        return 1;
    }
}
