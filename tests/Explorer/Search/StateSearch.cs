using System.Diagnostics;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Search;

/// <summary>
/// Searches every reachable state of a scenario, breadth first, so that the first violation has a shortest run.
/// </summary>
/// <remarks>
/// A state in which no move leads anywhere else must be a good end. And from every state a good end must be reachable
/// by moves that happen of their own accord (no timer, no death): who goes round for ever is found as well as who
/// stands still.
/// </remarks>
public sealed class StateSearch
{
    private readonly Model _model;
    private readonly int _stateLimit;
    private readonly Dictionary<UInt128, int> _known = [];
    private readonly List<int> _parents = [];
    private readonly List<byte> _movesFromParent = [];
    private readonly List<(int From, int To)> _fairEdges = [];
    private readonly List<int> _ends = [];
    private readonly Queue<byte[]> _frontier = [];
    private readonly StateWriter _writer = new();
    private readonly List<Move> _moves = [];
    private readonly Action<TsoMachine>? _atEnd;
    private long _transitions;

    private StateSearch(Model model, Action<TsoMachine>? atEnd, int stateLimit)
    {
        _model = model;
        _atEnd = atEnd;
        _stateLimit = stateLimit;
    }

    /// <summary>Searches until a violation, or until there is nothing new.</summary>
    /// <param name="scenario">Makes the initial state.</param>
    /// <param name="atEnd">Told of each state in which all is done.</param>
    /// <param name="stateLimit">More states than this fail loudly: an answer about a part would be no answer.</param>
    public static Exploration Run(Func<Model> scenario, Action<TsoMachine>? atEnd = null, int stateLimit = 20_000_000)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        using Model model = scenario();
        StateSearch search = new(model, atEnd, stateLimit);
        Violation? violation = search.Search() ?? search.FindLivelock();
        self.Refresh();
        TimeSpan used = self.TotalProcessorTime - before;
        return new Exploration(search._known.Count, search._transitions, search._ends.Count, used, violation);
    }

    private Violation? Search()
    {
        Reach(from: -1, default);
        for (int state = 0; _frontier.TryDequeue(out byte[]? bytes); state++)
        {
            Violation? violation = Expand(state, bytes);
            if (violation is not null)
            {
                return violation;
            }
        }

        return null;
    }

    private Violation? Expand(int state, byte[] bytes)
    {
        TsoMachine machine = _model.Machine;
        bool goesOn = false;
        machine.Restore(bytes);
        machine.Enumerate(_moves);
        foreach (Move move in _moves)
        {
            machine.Restore(bytes);
            try
            {
                machine.Apply(move);
            }
            catch (ViolationException violation)
            {
                return new Violation(violation.Kind, violation.Message, [.. ScheduleTo(state), move]);
            }

            int next = Reach(state, move);
            goesOn |= move.IsFair && next != state;
        }

        if (goesOn)
        {
            return null;
        }

        machine.Restore(bytes);
        ViolationKind? wrong = _model.JudgeEnd();
        if (wrong is ViolationKind kind)
        {
            return new Violation(kind, "nothing more happens", ScheduleTo(state));
        }

        _atEnd?.Invoke(machine);
        _ends.Add(state);
        return null;
    }

    private int Reach(int from, Move move)
    {
        _writer.Clear();
        _model.Machine.Save(_writer);
        UInt128 hash = StateHash.Of(_writer.Written);
        if (!_known.TryGetValue(hash, out int number))
        {
            number = _known.Count;
            if (number == _stateLimit)
            {
                throw new InvalidOperationException($"more than {_stateLimit} states");
            }

            _known.Add(hash, number);
            _parents.Add(from);
            _movesFromParent.Add(move.Encode());
            _frontier.Enqueue(_writer.Written.ToArray());
        }

        if (from >= 0)
        {
            _transitions++;
            if (move.IsFair && from != number)
            {
                _fairEdges.Add((from, number));
            }
        }

        return number;
    }

    private Violation? FindLivelock()
    {
        bool[] ends = BackwardReach.From(_ends, _fairEdges, _known.Count);
        int stuck = Array.LastIndexOf(ends, false);
        return stuck < 0
            ? null
            : new Violation(ViolationKind.Livelock, "no good end can be reached from here", ScheduleTo(stuck));
    }

    private List<Move> ScheduleTo(int state)
    {
        List<Move> schedule = [];
        for (; _parents[state] >= 0; state = _parents[state])
        {
            schedule.Add(Move.Decode(_movesFromParent[state]));
        }

        schedule.Reverse();
        return schedule;
    }
}
