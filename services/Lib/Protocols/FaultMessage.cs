using System;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>The badge of the capability through which the kernel tells of a program's faults. Init makes it; no program gets one like it.</summary>
public static class FaultBadge
{
    /// <summary>Tells a fault from a call.</summary>
    public const ulong Bit = 1UL << 32;

    /// <summary>The badge for a program.</summary>
    /// <param name="program">Its position in the system.</param>
    public static ulong Of(uint program) => Bit | program;

    /// <summary>The program that a badge is for.</summary>
    public static uint Program(ulong badge) => (uint)badge;
}

/// <summary>What the kernel says of a fault (<see cref="FaultWords"/>).</summary>
public readonly struct FaultMessage
{
    private FaultMessage(FaultKind kind, ulong rip, ulong address)
    {
        Kind = kind;
        Rip = rip;
        Address = address;
    }

    /// <summary>What happened.</summary>
    public FaultKind Kind { get; }

    /// <summary>Where.</summary>
    public ulong Rip { get; }

    /// <summary>Page fault: the address; unknown system call: its number; else the vector.</summary>
    public ulong Address { get; }

    /// <summary>Reads it.</summary>
    public static FaultMessage Of(ref Exchange exchange)
    {
        Span<ulong> words = Exchange.Asked(ref exchange);
        return new FaultMessage((FaultKind)exchange.Method, words[FaultWords.Rip], words[FaultWords.Address]);
    }
}
