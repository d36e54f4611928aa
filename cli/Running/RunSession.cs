using System.Collections.Concurrent;
using Atoll.Cli.Terminal;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;

namespace Atoll.Cli.Running;

/// <summary>One interactive run: the boot's story, then the live machine, then its verdict.</summary>
public sealed class RunSession(VmSettings settings, IRunDisplay display)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<(string Line, SerialRecord? Record)> _incoming = new();
    private readonly BootStory _story = new(settings.Icount);

    /// <summary>Runs until the guest ends, the user asks for it, or the time is over.</summary>
    /// <param name="duration">Wall time to run for, or null for ever.</param>
    /// <returns>Exit code: 0 when the guest's verdict is pass.</returns>
    public int Run(TimeSpan? duration)
    {
        using var quit = new QuitRequest(duration);
        using VmMachine machine = VmMachine.Start(settings, (line, record) => _incoming.Enqueue((line, record)));
        bool hasEnded = Boot(machine, quit);
        foreach (string line in _story.Lines())
        {
            Console.WriteLine(line);
        }

        if (!hasEnded)
        {
            display.During(draw => Watch(machine, quit, draw));
        }

        VmOutcome outcome = End(machine);
        if (!outcome.Passed)
        {
            Progress.Say(FailureReport.Write(outcome, ["the run failed"], SymbolMap.BesideImage(settings.ImagePath)));
            return 1;
        }

        Console.WriteLine($"ended after {outcome.Elapsed.TotalSeconds:0.0} s: pass");
        return 0;
    }

    // Returns whether the run is over before the boot is.
    private bool Boot(VmMachine machine, QuitRequest quit)
    {
        while (!_story.IsComplete)
        {
            bool isOver = machine.WaitForExit(s_look) || quit.IsDue(machine.Elapsed);
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

            if (isOver)
            {
                return true;
            }
        }

        return false;
    }

    private void Watch(VmMachine machine, QuitRequest quit, Action draw)
    {
        bool isOver = false;
        while (!isOver)
        {
            isOver = machine.WaitForExit(s_look) || quit.IsDue(machine.Elapsed);
            while (_incoming.TryDequeue(out (string Line, SerialRecord? Record) next))
            {
                display.Show(next.Line, next.Record);
            }

            draw();
        }
    }

    // A guest that does not answer within the grace is stopped, which is no pass.
    private static VmOutcome End(VmMachine machine)
    {
        machine.Send("q");
        if (!machine.WaitForExit(s_grace))
        {
            machine.Stop();
        }

        return machine.WaitForEnd();
    }
}
