using System.Reflection;
using System.Reflection.Emit;

namespace Atoll.Contracts.Generator;

/// <summary>Which instructions of a body lie on a path that returns.</summary>
internal sealed class BodyFlow
{
    private readonly List<Instruction> _code;
    private readonly bool[] _returns;

    /// <summary>Reads the flow.</summary>
    /// <param name="code">The body.</param>
    /// <param name="clauses">Its exception handlers.</param>
    /// <param name="endsHere">Says of a call that it never comes back.</param>
    public BodyFlow(List<Instruction> code, IList<ExceptionHandlingClause> clauses, Func<Instruction, bool> endsHere)
    {
        _code = code;
        _returns = new bool[code.Count];
        Dictionary<int, int> indexes = code.Select((instruction, index) => (instruction.Offset, index)).ToDictionary();
        List<int>[] before = [.. code.Select(_ => new List<int>())];
        for (int index = 0; index < code.Count; index++)
        {
            foreach (int next in Successors(index, indexes, endsHere))
            {
                before[next].Add(index);
            }
        }

        var pending = new Stack<int>(Enumerable.Range(0, code.Count).Where(index => IsEnd(code[index].Code)));
        while (pending.TryPop(out int index))
        {
            if (!_returns[index])
            {
                _returns[index] = true;
                before[index].ForEach(pending.Push);
            }
        }

        foreach (ExceptionHandlingClause clause in clauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause && CanReturn(clause, indexes)))
        {
            // A throw in here is caught, and the call goes on.
            for (int index = 0; index < code.Count; index++)
            {
                _returns[index] |= code[index].Offset >= clause.TryOffset && code[index].Offset < clause.TryOffset + clause.TryLength;
            }
        }
    }

    /// <summary>Whether a call that runs this instruction may come back.</summary>
    public bool Returns(int index) => _returns[index];

    private bool CanReturn(ExceptionHandlingClause clause, Dictionary<int, int> indexes) =>
        indexes.TryGetValue(clause.HandlerOffset, out int index) && _returns[index];

    // The end of a finally block goes on somewhere.
    private static bool IsEnd(OpCode code) => code == OpCodes.Ret || code == OpCodes.Endfinally || code == OpCodes.Endfilter || code == OpCodes.Jmp;

    private IEnumerable<int> Successors(int index, Dictionary<int, int> indexes, Func<Instruction, bool> endsHere)
    {
        Instruction instruction = _code[index];
        foreach (int target in instruction.Targets)
        {
            yield return indexes[target];
        }

        bool stops = instruction.Code.FlowControl is FlowControl.Branch or FlowControl.Return or FlowControl.Throw
            || instruction.Code.FlowControl == FlowControl.Call && endsHere(instruction);
        if (!stops && index + 1 < _code.Count)
        {
            yield return index + 1;
        }
    }
}
