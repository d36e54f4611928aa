using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>How an operation ended, as the program hears it: a result and one word about it.</summary>
/// <remarks>Two words travel in registers.</remarks>
/// <param name="result">The result.</param>
/// <param name="word">Message word 0: what <see cref="SystemResult"/> says of it.</param>
[MustUse]
public readonly struct Outcome(SystemResult result, ulong word = 0)
{
    /// <summary>The result.</summary>
    public readonly SystemResult Result = result;

    /// <summary>Message word 0.</summary>
    public readonly ulong Word = word;

    /// <summary>Done.</summary>
    public static Outcome Ok => default;

    /// <summary>Whether it is done.</summary>
    public bool IsOk => Result == SystemResult.Ok;
}
