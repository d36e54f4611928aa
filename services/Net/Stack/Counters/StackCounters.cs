using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>What a stack has counted since it began. Counters only grow; they wrap after 2^64.</summary>
public struct StackCounters
{
    private ulong _received;
    private OutcomeCounts _outcomes;
    private EventCounts _events;

    /// <summary>Frames that came in. Always the sum of all outcomes.</summary>
    public readonly ulong FramesReceived => _received;

    /// <summary>Frames that ended so.</summary>
    public readonly ulong Of(FrameOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>Times that this happened.</summary>
    public readonly ulong Of(StackEvent happened) => _events[(int)happened];

    internal void Count(FrameOutcome outcome)
    {
        _received++;
        _outcomes[(int)outcome]++;
    }

    internal void Count(StackEvent happened) => _events[(int)happened]++;

    [InlineArray((int)FrameOutcome.Count)]
    private struct OutcomeCounts
    {
        private ulong _first;
    }

    [InlineArray((int)StackEvent.Count)]
    private struct EventCounts
    {
        private ulong _first;
    }
}
