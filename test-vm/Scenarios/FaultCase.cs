namespace Atoll.TestVm.Scenarios;

/// <summary>A fault that the guest can be asked to provoke, and what the CPU must say about it.</summary>
/// <param name="Kind">Boot parameter value.</param>
/// <param name="Reason">Panic reason (docs/serial.md).</param>
/// <param name="Vector">Vector, or null where the kernel chooses it.</param>
/// <param name="Error">Error code.</param>
/// <param name="Address">Where CR2 must point, or null when the CPU does not set it.</param>
public sealed record FaultCase(string Kind, string Reason, int? Vector, ulong Error, FaultAddress? Address = null)
{
    // Page-fault error code (Intel SDM Vol. 3A, "Interrupt 14—Page-Fault Exception (#PF)").
    private const ulong PresentPage = 1 << 0;
    private const ulong Write = 1 << 1;
    private const ulong InstructionFetch = 1 << 4;

    /// <summary>Every fault that kills the instance.</summary>
    /// <remarks>
    /// Vectors: Intel SDM Vol. 3A, "Protected-Mode Exceptions and Interrupts". The error code of #DF is always 0, and #GP
    /// for a non-canonical address pushes 0 ("Interrupt 8", "Interrupt 13").
    /// </remarks>
    public static IReadOnlyList<FaultCase> Lethal { get; } =
    [
        new("stack-overflow", "double-fault", 8, 0, FaultAddress.StackGuard),
        new("null-jump", "page-fault", 14, InstructionFetch, FaultAddress.Null),
        new("null-read", "page-fault", 14, 0, FaultAddress.Null),
        new("write-text", "page-fault", 14, PresentPage | Write, FaultAddress.Text),
        new("write-readonly", "page-fault", 14, PresentPage | Write, FaultAddress.ReadOnly),
        new("execute-data", "page-fault", 14, PresentPage | InstructionFetch, FaultAddress.Data),
        new("execute-stack", "page-fault", 14, PresentPage | InstructionFetch, FaultAddress.Stack),
        new("stray-write", "page-fault", 14, Write, FaultAddress.NextInstance),
        new("divide", "divide-error", 0, 0),
        new("undefined", "invalid-opcode", 6, 0),
        new("non-canonical", "general-protection", 13, 0),
        new("check", "check-failed", null, 0),
        new("nmi", "nmi", 2, 0),

        // Stores a header, does not advance, and ends in a failed check.
        new("half-send", "check-failed", null, 0),
    ];

    /// <summary>The cases with these kinds.</summary>
    public static IReadOnlyList<FaultCase> Of(params string[] kinds) =>
        [.. kinds.Select(kind => Lethal.Single(fault => fault.Kind == kind))];
}

/// <summary>Where a fault's address must lie.</summary>
public enum FaultAddress
{
    /// <summary>Page 0.</summary>
    Null,

    /// <summary>The guard page below the kernel stack.</summary>
    StackGuard,

    /// <summary>The kernel stack.</summary>
    Stack,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Read-only data.</summary>
    ReadOnly,

    /// <summary>Data.</summary>
    Data,

    /// <summary>The physical address of a page of the next instance's private block.</summary>
    NextInstance,
}
