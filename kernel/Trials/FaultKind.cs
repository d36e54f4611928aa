using System;
using Atoll.Base;

namespace Atoll.Trials;

/// <summary>A fault that a boot parameter asks for.</summary>
public enum FaultKind : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>Pushes until the guard page.</summary>
    StackOverflow,

    /// <summary>Calls address 0.</summary>
    NullJump,

    /// <summary>Reads address 0.</summary>
    NullRead,

    /// <summary>Writes the first byte of text.</summary>
    WriteText,

    /// <summary>Writes the first byte of read-only data.</summary>
    WriteReadOnly,

    /// <summary>Calls into the data segment.</summary>
    ExecuteData,

    /// <summary>Calls into the stack.</summary>
    ExecuteStack,

    /// <summary>Writes to where the next instance's memory is in the machine.</summary>
    StrayWrite,

    /// <summary>Divides by zero.</summary>
    Divide,

    /// <summary>Executes UD2.</summary>
    Undefined,

    /// <summary>Reads an address that is not canonical.</summary>
    NonCanonical,

    /// <summary>Fails a check.</summary>
    Check,

    /// <summary>Sends itself an interrupt that nobody handles.</summary>
    StrayInterrupt,

    /// <summary>Sends itself an NMI.</summary>
    Nmi,

    /// <summary>Stores a message's header and dies before it advances its own position.</summary>
    HalfSend,

    /// <summary>Loops with its interrupts open, and takes no turn again.</summary>
    Hang,

    /// <summary>Loops with its interrupts masked, in the middle of a send.</summary>
    HangMasked,

    /// <summary>Says that it sleeps, and halts with its interrupts masked: no doorbell wakes it.</summary>
    Silence,

    /// <summary>Says to all other kernels whatever a kernel can say.</summary>
    Hostile,

    /// <summary>Fails a check in the middle of a send.</summary>
    PublishPanic,

    /// <summary>Stands still in the middle of a send, with its interrupts masked.</summary>
    PublishHang,
}

/// <summary>Names of fault kinds.</summary>
public static class FaultKinds
{
    /// <summary>The last kind.</summary>
    public const FaultKind Last = FaultKind.PublishHang;

    /// <summary>The kind with this name, or None.</summary>
    public static FaultKind Parse(ReadOnlySpan<byte> name)
    {
        for (FaultKind kind = FaultKind.StackOverflow; kind <= Last; kind++)
        {
            if (Ascii.AreEqual(name, Name(kind)))
            {
                return kind;
            }
        }

        return FaultKind.None;
    }

    /// <summary>Whether the instance dies of it.</summary>
    public static bool IsLethal(FaultKind kind) => kind is not (FaultKind.None or FaultKind.StrayInterrupt or FaultKind.Hostile);

    /// <summary>The name in docs/serial.md.</summary>
    public static ReadOnlySpan<byte> Name(FaultKind kind) => kind switch
    {
        FaultKind.StackOverflow => "stack-overflow"u8,
        FaultKind.NullJump => "null-jump"u8,
        FaultKind.NullRead => "null-read"u8,
        FaultKind.WriteText => "write-text"u8,
        FaultKind.WriteReadOnly => "write-readonly"u8,
        FaultKind.ExecuteData => "execute-data"u8,
        FaultKind.ExecuteStack => "execute-stack"u8,
        FaultKind.StrayWrite => "stray-write"u8,
        FaultKind.Divide => "divide"u8,
        FaultKind.Undefined => "undefined"u8,
        FaultKind.NonCanonical => "non-canonical"u8,
        FaultKind.Check => "check"u8,
        FaultKind.StrayInterrupt => "stray-interrupt"u8,
        FaultKind.Nmi => "nmi"u8,
        FaultKind.HalfSend => "half-send"u8,
        FaultKind.Hang => "hang"u8,
        FaultKind.HangMasked => "hang-masked"u8,
        FaultKind.Silence => "silence"u8,
        FaultKind.Hostile => "hostile"u8,
        FaultKind.PublishPanic => "publish-panic"u8,
        FaultKind.PublishHang => "publish-hang"u8,
        _ => "none"u8,
    };
}
