using Atoll.Linker.Proof.Reading;

namespace Atoll.Linker.Proof.Flow;

/// <summary>What a function does to the stack, on all its paths and with all that it calls.</summary>
public sealed class FunctionFlow
{
    /// <summary>Most stacks that one function, with all that it calls, may load.</summary>
    public const int StacksMax = 64;

    /// <summary>Most bytes below the canonical frame address, the return address and callees included.</summary>
    public int WorstBytes { get; private set; }

    /// <summary>The callee on the way to the worst depth; null where the function itself is the deepest.</summary>
    public CodeFunction? WorstCallee { get; private set; }

    /// <summary>Whether it comes back to its caller.</summary>
    public bool Returns { get; set; }

    /// <summary>Stacks that it, or what it calls, has loaded the stack pointer with.</summary>
    public List<StackUse> Stacks { get; } = [];

    /// <summary>The instruction that reaches highest into its caller's stack to write; null when none does.</summary>
    public CallerWrite? CallerWrite { get; private set; }

    /// <summary>Takes note of a write to the caller's stack.</summary>
    public void Note(CallerWrite? write)
    {
        if (write is not null && (CallerWrite is null || write.EndDepth < CallerWrite.EndDepth))
        {
            CallerWrite = write;
        }
    }

    /// <summary>Calls and jumps to other functions.</summary>
    public int EdgeCount { get; set; }

    /// <summary>Takes note of a depth.</summary>
    public void Reach(in StackState state, int beneathBytes, CodeFunction function, CodeFunction? callee)
    {
        int depth = state.DepthBytes + beneathBytes;
        if (state.OwnStackTop is { } top)
        {
            ReachOwn(new StackUse(top, depth, function, callee));
        }
        else if (depth > WorstBytes || (depth == WorstBytes && WorstCallee is null))
        {
            WorstBytes = depth;
            WorstCallee = callee;
        }
    }

    private void ReachOwn(StackUse use)
    {
        int known = Stacks.FindIndex(other => other.Top == use.Top && other.Function == use.Function);
        if (known < 0)
        {
            Stacks.Add(use);
        }
        else if (Stacks[known].WorstBytes < use.WorstBytes)
        {
            Stacks[known] = use;
        }
    }
}

/// <summary>Use of a stack from its top.</summary>
/// <param name="Top">What the stack pointer was loaded with.</param>
/// <param name="WorstBytes">Most bytes in use.</param>
/// <param name="Function">Who loaded it.</param>
/// <param name="WorstCallee">The callee on the way to the worst depth.</param>
public sealed record StackUse(ulong Top, int WorstBytes, CodeFunction Function, CodeFunction? WorstCallee);
