using Atoll.Boot;

namespace Atoll.LongWay;

/// <summary>Every system call takes the long way, which can do all (decision 0087).</summary>
public readonly struct LongOnly : ICallWay
{
    /// <inheritdoc/>
    public static bool IsQuickTried => false;
}
