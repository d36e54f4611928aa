using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Flow;

/// <summary>Follows every path of every function and adds up what it calls.</summary>
/// <remarks>
/// The call graph is walked depth first; whoever is met again while still being walked is in a cycle, which is a
/// finding.
/// A function that never returns is known before its callers go on behind the call.
/// </remarks>
public sealed class StackFlows(ProofContext proof)
{
    /// <summary>Longest chain of calls that is followed.</summary>
    private const int ChainMax = 256;

    private readonly Dictionary<CodeFunction, FunctionFlow> _known = [];
    private readonly HashSet<CodeFunction> _failed = [];
    private readonly List<CodeFunction> _chain = [];

    /// <summary>What a function does to the stack; null after a finding.</summary>
    public FunctionFlow? Of(CodeFunction function)
    {
        if (_known.TryGetValue(function, out FunctionFlow? known))
        {
            return known;
        }

        if (_failed.Contains(function))
        {
            return null;
        }

        int first = _chain.IndexOf(function);
        if (first >= 0 || _chain.Count == ChainMax)
        {
            string chain = string.Join(" → ", _chain.Skip(int.Max(first, 0)).Append(function));
            string what = first >= 0 ? $"calls itself: {chain}" : $"ends a chain of {ChainMax} calls";
            proof.Report(ProofDiagnostics.StackUnknown, function, function.Address, what);
            return null;
        }

        _chain.Add(function);
        FunctionFlow? flow = new FunctionWalk(proof, this, function).Run();
        _chain.RemoveAt(_chain.Count - 1);
        if (flow is not null)
        {
            _known.Add(function, flow);
        }
        else
        {
            _failed.Add(function);
        }

        return flow;
    }

    /// <summary>What happens from an interrupt entry on: the processor has pushed something, and jumps stay on that
    /// frame.</summary>
    /// <param name="function">Entry.</param>
    /// <param name="pushedBytes">What the processor has pushed.</param>
    /// <returns>Null after a finding.</returns>
    public FunctionFlow? OfInterrupt(CodeFunction function, int pushedBytes) =>
        new FunctionWalk(proof, this, function, pushedBytes).Run();

    /// <summary>The chain of callees to the worst depth.</summary>
    public IEnumerable<CodeFunction> WorstChain(CodeFunction? callee)
    {
        while (callee is not null)
        {
            yield return callee;
            callee = _known.GetValueOrDefault(callee)?.WorstCallee;
        }
    }
}
