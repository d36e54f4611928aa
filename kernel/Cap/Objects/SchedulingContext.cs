using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Cap;

/// <summary>Time: a budget in each period. All times are TSC ticks. Layout version 1.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1 << ObjectSize.SchedulingContextBits)]
[NonCopyable]
public struct SchedulingContext
{
    /// <summary>Time in each period; 0: not configured, nobody runs on it.</summary>
    [FieldOffset(0)] public ulong Budget;

    /// <summary>Length of a period; equal to the budget: round robin without a limit.</summary>
    [FieldOffset(8)] public ulong Period;

    /// <summary>What is left of the budget.</summary>
    [FieldOffset(16)] public ulong Remaining;

    /// <summary>When the budget is full again.</summary>
    [FieldOffset(24)] public ulong RefillAt;

    /// <summary>The thread that it is bound to.</summary>
    [FieldOffset(32)] public ObjectPointer<Thread> Thread;

    /// <summary>The thread that runs on it now: the bound one, or who serves its call.</summary>
    [FieldOffset(40)] public ObjectPointer<Thread> Runner;

    /// <summary>Time used since it was made.</summary>
    [FieldOffset(48)] public ulong Used;

    /// <summary>The last reply object that it was lent through; null: it is not lent.</summary>
    [FieldOffset(56)] public ObjectPointer<Reply> Lent;

    /// <summary>Whether a thread must wait for the next period when the budget is used up.</summary>
    public readonly bool IsLimited => Budget != Period;
}
