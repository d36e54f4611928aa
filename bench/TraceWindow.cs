using Atoll.TestVm.Machine;

namespace Atoll.Bench;

/// <summary>What each core executes between two moments of a trace.</summary>
/// <param name="cores">Cores of the machine.</param>
/// <param name="begins">Whether it begins before an instruction: the first such counts.</param>
/// <param name="ends">Whether it may end behind an instruction: the last such counts.</param>
/// <param name="stopsAtFirst">Whether the first counts instead.</param>
public sealed class TraceWindow(int cores, Func<TracedInstruction, bool> begins, Func<TracedInstruction, bool> ends, bool stopsAtFirst = false)
{
    private readonly HashSet<int> _ended = [];
    private readonly long[] _passed = new long[cores];
    private long[] _counted = new long[cores];
    private bool _hasBegun;

    /// <summary>Cores on which it might have ended: for each, something that it waits for has happened.</summary>
    public IReadOnlyCollection<int> EndedOn => _ended;

    /// <summary>Instructions of one core.</summary>
    public long Of(int core) => _counted[core];

    /// <summary>Instructions of all cores.</summary>
    public long Total => _counted.Sum();

    /// <summary>Reads a trace to its end.</summary>
    /// <param name="trace">Instructions of all cores, in their order.</param>
    public TraceWindow Read(IEnumerable<TracedInstruction> trace)
    {
        foreach (TracedInstruction instruction in trace)
        {
            _hasBegun |= begins(instruction);
            if (_hasBegun && !(stopsAtFirst && _ended.Count != 0))
            {
                Follow(instruction);
            }
        }

        return this;
    }

    private void Follow(TracedInstruction instruction)
    {
        _passed[instruction.Core]++;
        if (ends(instruction))
        {
            _ended.Add(instruction.Core);
            _counted = [.. _passed];
        }
    }
}
