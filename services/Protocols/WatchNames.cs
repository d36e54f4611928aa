using System;

namespace Atoll.Services.Protocols;

/// <summary>What people call what became of a program.</summary>
public static class WatchNames
{
    /// <summary>The name of an outcome.</summary>
    public static ReadOnlySpan<byte> Of(WatchOutcome outcome) => outcome switch
    {
        WatchOutcome.Restarted => "restarted"u8,
        WatchOutcome.NotRestarted => "not-restarted"u8,
        WatchOutcome.BudgetSpent => "budget-spent"u8,
        WatchOutcome.Ended => "ended"u8,
        _ => "failed"u8,
    };
}
