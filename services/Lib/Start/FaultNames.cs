using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>What people call faults.</summary>
public static class FaultNames
{
    /// <summary>The name of a fault.</summary>
    public static ReadOnlySpan<byte> Of(FaultKind kind) => kind switch
    {
        FaultKind.Page => "page-fault"u8,
        FaultKind.UndefinedInstruction => "invalid-opcode"u8,
        FaultKind.Divide => "divide-error"u8,
        FaultKind.Protection => "general-protection"u8,
        FaultKind.Capability => "capability"u8,
        FaultKind.UnknownSystemCall => "unknown-system-call"u8,
        FaultKind.Budget => "budget"u8,
        FaultKind.Debug => "debug"u8,
        FaultKind.FloatingPoint => "floating-point"u8,
        FaultKind.Hang => "hang"u8,
        _ => "none"u8,
    };
}
