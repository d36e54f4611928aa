using System.Text;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Search;

/// <summary>A run repeated from its schedule, told access by access.</summary>
/// <param name="Text">Each move, what was accessed, and the buffers after it.</param>
/// <param name="Kind">The violation that it ends in, or null.</param>
public sealed record Replay(string Text, ViolationKind? Kind)
{
    /// <summary>Repeats a run.</summary>
    /// <param name="scenario">The scenario it was found in.</param>
    /// <param name="schedule">Its moves.</param>
    public static Replay Of(Func<Model> scenario, IReadOnlyList<Move> schedule)
    {
        using Model model = scenario();
        TsoMachine machine = model.Machine;
        StringBuilder text = new();
        text.AppendLine($"schedule: {string.Join(' ', schedule)}");
        machine.Trace = line => text.AppendLine($"    {line}");
        for (int number = 0; number < schedule.Count; number++)
        {
            text.AppendLine($"{number + 1,3} {schedule[number]}");
            try
            {
                machine.Apply(schedule[number]);
            }
            catch (ViolationException violation)
            {
                text.AppendLine($"    {violation.Kind}: {violation.Message}");
                return new Replay(text.ToString(), violation.Kind);
            }

            text.AppendLine($"      {machine.Describe()}");
        }

        machine.Trace = null;
        ViolationKind? kind = GoesOn(machine) ? null : model.JudgeEnd();
        text.AppendLine(kind is null ? "    from here it goes on" : $"    {kind}: nothing more happens");
        return new Replay(text.ToString(), kind);
    }

    private static bool GoesOn(TsoMachine machine)
    {
        StateWriter here = new();
        machine.Save(here);
        List<Move> moves = [];
        machine.Enumerate(moves);
        return moves.Exists(move => move.IsFair && LeadsElsewhere(machine, here, move));
    }

    private static bool LeadsElsewhere(TsoMachine machine, StateWriter here, Move move)
    {
        StateWriter there = new();
        machine.Restore(here.Written);
        machine.Apply(move);
        machine.Save(there);
        machine.Restore(here.Written);
        return !there.Written.SequenceEqual(here.Written);
    }

    /// <summary>Reads a schedule as <see cref="Text"/> begins with it.</summary>
    public static Move[] ParseSchedule(string text) =>
        Array.ConvertAll(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), Move.Parse);
}
