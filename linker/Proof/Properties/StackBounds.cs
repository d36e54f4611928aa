using Atoll.Linker.Map;
using Atoll.Linker.Proof.Flow;
using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Properties;

/// <summary>How deep one stack can get.</summary>
/// <param name="Entry">Who starts on it: a function, or the vectors of interrupts.</param>
/// <param name="Stack">The stack.</param>
/// <param name="SizeBytes">Its size; 0 for traps, which use the stack of what they interrupt.</param>
/// <param name="WorstBytes">Most bytes in use, with the traps that may lie on top.</param>
/// <param name="TrapBytes">What of that belongs to traps on top.</param>
/// <param name="Chain">Calls to the deepest place.</param>
public sealed record StackBound(
    string Entry, string Stack, ulong SizeBytes, int WorstBytes, int TrapBytes, IReadOnlyList<string> Chain);

/// <summary>No entry can use more stack than there is.</summary>
/// <remarks>
/// A trap that has no stack of its own comes on top of whatever was interrupted, at its deepest; and as many of them as
/// the
/// image claims may lie upon each other.
/// </remarks>
public sealed class StackBounds
{
    /// <summary>The processor aligns RSP to 16 before it pushes: RSP is a multiple of 8.</summary>
    private const int AlignmentBytes = sizeof(ulong);

    /// <summary>Stands for the stack of whatever was interrupted.</summary>
    private const string OnTop = "(interrupted)";

    /// <summary>Stands for every vector that can interrupt ring 3.</summary>
    private const string FromUser = "any vector, from ring 3";

    private readonly ProofContext _proof;
    private readonly Dictionary<(string Entry, string Stack), StackBound> _bounds = [];
    private int _nested;
    private int _trapBytes;

    private StackBounds(ProofContext proof) => _proof = proof;

    /// <summary>Checks.</summary>
    /// <param name="proof">The image.</param>
    /// <param name="bounds">Every bound that was computed.</param>
    /// <returns>Entries examined.</returns>
    public static int Check(ProofContext proof, out IReadOnlyList<StackBound> bounds)
    {
        StackBounds check = new(proof);
        int entries = check.CheckInterrupts() + check.CheckEntries();
        bounds =
        [
            .. check._bounds.Values
                .OrderBy(bound => bound.Stack, StringComparer.Ordinal)
                .ThenBy(bound => bound.Entry, StringComparer.Ordinal),
        ];
        return entries;
    }

    private int CheckInterrupts()
    {
        if (InterruptGates.Read(_proof) is not { } gates)
        {
            Report("The interrupt tables that the image claims are not there.");
            return 0;
        }

        _nested = _proof.Claims.Traps?.Nested ?? 0;
        List<(InterruptGate Gate, FunctionFlow Flow)> flows = [];
        foreach (InterruptGate gate in gates)
        {
            if (gate.Entry is null)
            {
                Report($"The gate of vector {gate.Vector} leads to no function.");
            }
            else if (_proof.Flows.OfInterrupt(gate.Entry, gate.PushedBytes) is { } flow)
            {
                flows.Add((gate, flow));
            }
            else
            {
                ReportUnknown(gate.Entry.Name);
            }
        }

        (InterruptGate? deepest, FunctionFlow? onTop) =
            flows.Where(pair => pair.Gate.StackIndex == 0).OrderByDescending(pair => pair.Flow.WorstBytes).FirstOrDefault();
        _trapBytes = onTop is null ? 0 : onTop.WorstBytes + AlignmentBytes;
        foreach ((InterruptGate gate, FunctionFlow flow) in flows.Where(pair => pair.Gate.StackIndex != 0))
        {
            ulong? top = InterruptGates.StackTop(_proof, gate.StackIndex);
            Bound($"vector {gate.Vector}", top, flow.WorstBytes, int.Max(_nested - 1, 0) * _trapBytes, flow.WorstCallee);
        }

        // From ring 3 they all go on on an empty stack: the deepest stands for all.
        foreach (IGrouping<ulong, StackUse> uses in flows.SelectMany(pair => pair.Flow.Stacks).GroupBy(use => use.Top))
        {
            StackUse worst = uses.MaxBy(use => use.WorstBytes)!;
            Bound(FromUser, uses.Key, worst.WorstBytes, _nested * _trapBytes, worst.WorstCallee);
        }

        if (deepest is not null)
        {
            string[] chain = Chain(onTop!.WorstCallee);
            string vectors = $"vector {deepest.Vector} and all without a stack";
            _bounds[(vectors, OnTop)] = new(vectors, OnTop, 0, _trapBytes, _trapBytes, chain);
        }

        return gates.Count;
    }

    private int CheckEntries()
    {
        IEnumerable<EntryClaim> fromUser = _proof.Claims.UserEntries.Select(name => new EntryClaim(name, null));
        IEnumerable<EntryClaim> onEmpty = _proof.Claims.Abandoning.Select(name => new EntryClaim(name, null));
        EntryClaim[] entries = [.. _proof.Claims.Entries, .. fromUser, .. onEmpty];
        foreach (EntryClaim entry in entries)
        {
            CodeFunction? function = _proof.Code.Named(entry.Name).FirstOrDefault();
            if (function is null)
            {
                Report($"The entry '{entry.Name}' is no function.");
            }
            else if (_proof.Flows.Of(function) is { } flow)
            {
                Check(entry, function, flow);
            }
            else
            {
                ReportUnknown(entry.Name);
            }
        }

        return entries.Length;
    }

    private void Check(EntryClaim entry, CodeFunction function, FunctionFlow flow)
    {
        int word = function.Bitness / 8;
        if (entry.Stack is { } given)
        {
            Bound(entry.Name, given.High, flow.WorstBytes - word, 0, flow.WorstCallee);
        }
        else if (flow.WorstBytes > word)
        {
            _proof.Report(
                ProofDiagnostics.StackUnknown, function, function.Address, "uses a stack before it has loaded one");
        }

        if (flow.Returns && _proof.Claims.Abandoning.Contains(entry.Name))
        {
            _proof.Report(
                ProofDiagnostics.StackUnknown, function, function.Address, "returns to a stack that it claims to give up");
        }

        BoundOwn(flow);
    }

    /// <summary>Stacks that are loaded on the way.</summary>
    private void BoundOwn(FunctionFlow flow)
    {
        foreach (StackUse use in flow.Stacks)
        {
            int traps = use.Function.Bitness == 64 ? _nested * _trapBytes : 0;
            Bound(use.Function.Name, use.Top, use.WorstBytes, traps, use.WorstCallee);
        }
    }

    private void Bound(string entry, ulong? top, int bytes, int trapBytes, CodeFunction? callee)
    {
        // At the upper end, or a word below: with an odd number of pushes RSP is aligned at a call.
        if (_proof.Claims.Stacks.FirstOrDefault(stack => stack.High == top || stack.High - sizeof(ulong) == top) is not { } stack)
        {
            Report($"'{entry}' runs on a stack at 0x{top:x}, which the image does not claim.", entry);
            return;
        }

        bytes += (int)(stack.High - top!.Value);
        string[] chain = Chain(callee);
        StackBound bound = new(
            MethodNames.Readable(entry), stack.Name, stack.SizeBytes, bytes + trapBytes, trapBytes, chain);
        if (_bounds.TryGetValue((bound.Entry, bound.Stack), out StackBound? known) && known.WorstBytes >= bound.WorstBytes)
        {
            return;
        }

        _bounds[(bound.Entry, bound.Stack)] = bound;
        if ((ulong)bound.WorstBytes > bound.SizeBytes)
        {
            _proof.Report(
                ProofDiagnostics.StackOverflow,
                $"'{bound.Entry}' needs {bound.WorstBytes} bytes of the stack '{bound.Stack}', of {bound.SizeBytes}: "
                + $"{bytes} by {string.Join(" → ", chain)}, and {trapBytes} for traps on top.",
                entry);
        }
    }

    private string[] Chain(CodeFunction? callee) =>
        [.. _proof.Flows.WorstChain(callee).Select(function => MethodNames.Readable(function.Name))];

    private void ReportUnknown(string entry) =>
        Report($"The stack that '{MethodNames.Readable(entry)}' needs is unknown: see the other findings.", entry);

    private void Report(string what, string? symbol = null) =>
        _proof.Report(ProofDiagnostics.StackUnknown, what, symbol);
}
