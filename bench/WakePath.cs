using Atoll.TestVm.Machine;

namespace Atoll.Bench;

/// <summary>
/// What a wake costs both kernels, counted in the instructions that were executed: the sender's from a composed message to the end of
/// the doorbell's delivery, and the receiver's from the first of its interrupt entry to the handler of the message.
/// </summary>
/// <remarks>
/// A doorbell workload between two members gives the wakes. What is not counted: composing and checking the message, the rest of both
/// turns, and going to sleep again; <c>cross.hop</c> has it all.
/// </remarks>
public sealed class WakePath(Func<ulong, string?> nameOf)
{
    private const string Composes = "TrafficMessage.Make";
    private const string Sends = "Workload.SendBatch";
    private const string Rings = "TurnEnd.RingSleepers";
    private const string RingsDevice = "LocalApic.AwaitDelivery";
    private const string Wakes = "wake_entry_240";
    private const string Handles = "Workload.Receive";

    private readonly Dictionary<int, CoreProgress> _cores = [];
    private readonly List<int> _senders = [];
    private readonly List<int> _receivers = [];

    private enum Phase
    {
        Elsewhere,
        Composing,
        Sending,
        Ringing,
        Waking,
    }

    /// <summary>Instructions of a wake: the medians of both halves, added.</summary>
    /// <exception cref="BenchmarkException">The trace shows no wake: a function has another name, or was inlined.</exception>
    public static double Count(IEnumerable<TracedInstruction> trace, Func<ulong, string?> nameOf)
    {
        var path = new WakePath(nameOf);
        foreach (TracedInstruction instruction in trace)
        {
            path.Follow(instruction);
        }

        return path._senders.Count == 0 || path._receivers.Count == 0
            ? throw new BenchmarkException(
                $"the trace shows {path._senders.Count} doorbells and {path._receivers.Count} wakes: is one of {Composes}, {Sends}, {Rings}, "
                + $"{RingsDevice}, {Wakes}, {Handles} called otherwise now, or inlined?")
            : Median(path._senders) + Median(path._receivers);
    }

    private static double Median(List<int> counts) => counts.Order().ElementAt(counts.Count / 2);

    private void Follow(TracedInstruction instruction)
    {
        if (!_cores.TryGetValue(instruction.Core, out CoreProgress? core))
        {
            _cores[instruction.Core] = core = new CoreProgress();
        }

        // Without type arguments.
        string name = (nameOf(instruction.Address) ?? "").Split('<')[0];
        bool Is(string function) => name.EndsWith(function, StringComparison.Ordinal);
        switch (core.Phase)
        {
            case Phase.Composing when Is(Sends):
                core.Begin(Phase.Sending);
                break;
            case Phase.Sending when Is(RingsDevice):
                core.Phase = Phase.Ringing;
                break;
            case Phase.Ringing when Is(Rings):
                // Back from the device: this instruction is no longer part of it.
                _senders.Add(core.End());
                break;
            case Phase.Waking when Is(Handles):
                _receivers.Add(core.End());
                break;
        }

        if (Is(Composes))
        {
            core.Begin(Phase.Composing);
        }
        else if (Is(Wakes) && core.Phase != Phase.Waking)
        {
            core.Begin(Phase.Waking);
        }

        core.Instructions++;
    }

    private sealed class CoreProgress
    {
        public Phase Phase { get; set; }

        public int Instructions { get; set; }

        public void Begin(Phase phase)
        {
            Phase = phase;
            Instructions = 0;
        }

        public int End()
        {
            Phase = Phase.Elsewhere;
            return Instructions;
        }
    }
}
