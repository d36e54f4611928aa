using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Flow;

/// <summary>The state in which each instruction was reached on one walk.</summary>
/// <remarks>An instruction of one byte has one, so it is packed: a hostile image may consist of such instructions.</remarks>
internal sealed class SeenStates
{
    private const int NoFrame = int.MinValue;

    private readonly Dictionary<CodeFunction, Packed[]> _functions = [];
    private readonly List<ulong?> _tops = [null];

    /// <summary>The state of an instruction; null while it was not reached.</summary>
    public StackState? At(CodeFunction function, int index)
    {
        Packed packed = _functions.TryGetValue(function, out Packed[]? states) ? states[index] : default;
        return packed.Top == 0
            ? null
            : new StackState(packed.DepthBytes, packed.FrameDepth == NoFrame ? null : packed.FrameDepth, _tops[packed.Top - 1]);
    }

    /// <summary>Takes note of a state.</summary>
    /// <returns>False when more stacks are loaded than anybody has.</returns>
    public bool TrySet(CodeFunction function, int index, in StackState state)
    {
        int top = _tops.IndexOf(state.OwnStackTop);
        if (top < 0)
        {
            top = _tops.Count;
            _tops.Add(state.OwnStackTop);
        }

        if (!_functions.TryGetValue(function, out Packed[]? states))
        {
            _functions.Add(function, states = new Packed[function.Instructions.Length]);
        }

        states[index] = new Packed(state.DepthBytes, state.FrameDepthBytes ?? NoFrame, top + 1);
        return top <= FunctionFlow.StacksMax;
    }

    private readonly record struct Packed(int DepthBytes, int FrameDepth, int Top);
}
