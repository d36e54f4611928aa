using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>May set budgets.</summary>
/// <param name="address">Address of the capability.</param>
public readonly struct SchedulingAuthority(ulong address)
{
    /// <summary>Sets budget and period of a scheduling context, in microseconds.</summary>
    public SystemResult Configure(ulong context, ulong budget, ulong period) =>
        Operation.Do(address, (ulong)SchedulingControlOperation.Configure, context, budget, period);
}
