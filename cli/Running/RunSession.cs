using System.Collections.Concurrent;
using Atoll.Cli.Terminal;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;

namespace Atoll.Cli.Running;

/// <summary>One interactive run: the boot's story, then the live machine, then its verdict.</summary>
public sealed class RunSession(VmSettings settings, IRunDisplay display, RunLog log)
{
    private readonly ConcurrentQueue<(string Line, SerialRecord? Record)> _incoming = new();
    private readonly BootStory _story = new(settings.Icount);

    /// <summary>Runs until the guest ends, the user asks for it, or the time is over.</summary>
    /// <param name="duration">Wall time to run for, or null for ever.</param>
    /// <returns>Exit code: 0 when the guest's verdict is pass.</returns>
    public int Run(TimeSpan? duration)
    {
        using var quit = new QuitRequest(duration);
        using VmMachine machine = VmMachine.Start(settings, (line, record) => _incoming.Enqueue((line, record)));
        var ending = new GuestEnding(machine, quit);
        bool isBooted = WatchBoot(ending);
        if (isBooted)
        {
            TellStory();
            display.During(draw => WatchMachine(ending, draw));
        }

        VmOutcome outcome = machine.WaitForEnd();
        if (!isBooted)
        {
            // What had not been read yet when the guest ended.
            TakeBootLines();
            TellStory();
        }

        return Conclude(outcome, ending.IsAsked);
    }

    // Returns whether the boot was over before the run.
    private bool WatchBoot(GuestEnding ending)
    {
        while (!_story.IsComplete)
        {
            bool isOver = ending.IsOver();
            TakeBootLines();
            if (isOver)
            {
                return false;
            }
        }

        return true;
    }

    private void TakeBootLines()
    {
        while (!_story.IsComplete && _incoming.TryDequeue(out (string Line, SerialRecord? Record) next))
        {
            if (next.Record is null)
            {
                Console.WriteLine(next.Line);
            }
            else
            {
                _story.Add(next.Record);
            }
        }
    }

    private void TellStory()
    {
        foreach (string line in _story.Lines())
        {
            Console.WriteLine(line);
        }
    }

    private void WatchMachine(GuestEnding ending, Action draw)
    {
        bool isOver = false;
        while (!isOver)
        {
            isOver = ending.IsOver();
            while (_incoming.TryDequeue(out (string Line, SerialRecord? Record) next))
            {
                display.Show(next.Line, next.Record);
            }

            draw();
        }
    }

    private int Conclude(VmOutcome outcome, bool isAsked)
    {
        string sentence = RunReport.Sentence(outcome, isAsked);
        if (outcome.Passed)
        {
            Console.WriteLine(sentence);
            return 0;
        }

        foreach (string line in FailureReport.Panics(outcome.Records, SymbolMap.BesideImage(settings.ImagePath)))
        {
            Progress.Say(line);
        }

        Progress.Say($"{sentence}; log: {log.Write(outcome)}");
        return 1;
    }
}
