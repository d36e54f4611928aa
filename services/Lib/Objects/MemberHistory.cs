using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What else the coordinator's kernel keeps with the instance of a core.</summary>
/// <param name="change">Number of its last change of state, counted over all cores; 0: none.</param>
/// <param name="changedAt">Time-stamp counter then.</param>
/// <param name="note0">What was noted with the last order.</param>
/// <param name="note1">The same.</param>
public readonly struct MemberHistory(ulong change, ulong changedAt, ulong note0, ulong note1)
{
    /// <summary>Number of its last change of state.</summary>
    public ulong Change => change;

    /// <summary>Time-stamp counter then.</summary>
    public ulong ChangedAt => changedAt;

    /// <summary>First note.</summary>
    public ulong Note0 => note0;

    /// <summary>Second note.</summary>
    public ulong Note1 => note1;
}
