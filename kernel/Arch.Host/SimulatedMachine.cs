using System;
using System.Collections.Generic;
using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>The machine that kernel code finds around it on the host. Tests override what they are about.</summary>
/// <remarks>One per thread: <see cref="Use"/> puts it in place until the returned scope ends.</remarks>
public unsafe class SimulatedMachine
{
    [ThreadStatic]
    private static SimulatedMachine? s_current;

    /// <summary>The machine of this thread.</summary>
    public static SimulatedMachine Current =>
        s_current ?? throw new InvalidOperationException("no simulated machine: call SimulatedMachine.Use first");

    /// <summary>CR4.</summary>
    public ulong Cr4 { get; set; }

    /// <summary>CR2.</summary>
    public ulong FaultAddress { get; set; }

    /// <summary>CR3.</summary>
    public ulong PageTables { get; set; }

    /// <summary>Address of the system-call entry.</summary>
    public ulong SyscallEntry { get; set; } = 0xFFFF_FFFF_8020_1230;

    /// <summary>What <see cref="Cpu.Image"/> answers.</summary>
    public ImageInfo* Image { get; set; }

    /// <summary>Pages whose translation was invalidated, in order.</summary>
    public List<ulong> InvalidatedPages { get; } = [];

    /// <summary>Makes this the thread's machine.</summary>
    public IDisposable Use()
    {
        SimulatedMachine? previous = s_current;
        s_current = this;
        return new Scope(previous);
    }

    /// <summary>A port nobody listens on reads all ones.</summary>
    public virtual byte ReadPort(ushort port) => 0xFF;

    /// <summary>A port nobody listens on swallows.</summary>
    public virtual void WritePort(ushort port, byte value)
    {
    }

    /// <summary>RDMSR.</summary>
    public virtual ulong ReadMsr(uint register) => throw new NotSupportedException($"MSR 0x{register:x}");

    /// <summary>WRMSR.</summary>
    public virtual void WriteMsr(uint register, ulong value) => throw new NotSupportedException($"MSR 0x{register:x}");

    /// <summary>A 32-bit register read.</summary>
    public virtual uint ReadMmio(ulong address) => throw new NotSupportedException($"register 0x{address:x}");

    /// <summary>A 32-bit register write.</summary>
    public virtual void WriteMmio(ulong address, uint value) => throw new NotSupportedException($"register 0x{address:x}");

    /// <summary>CPUID.</summary>
    public virtual CpuidResult Cpuid(uint leaf, uint subleaf) => default;

    /// <summary>RDTSC.</summary>
    public virtual ulong ReadTsc() => 0;

    /// <summary>STI or CLI.</summary>
    public virtual void SetInterrupts(bool enabled)
    {
    }

    /// <summary>HLT with interrupts as they are.</summary>
    public virtual void Halt() => throw new NotSupportedException("HLT with nothing to wake the core");

    /// <summary>STI; HLT; CLI.</summary>
    public virtual void SleepUntilInterrupt()
    {
    }

    /// <summary>STI; NOP; CLI.</summary>
    public virtual void TakePendingInterrupts()
    {
    }

    /// <summary>INVLPG.</summary>
    public virtual void InvalidatePage(ulong virtualAddress) => InvalidatedPages.Add(virtualAddress);

    /// <summary>MOV to CR3.</summary>
    public virtual void UsePageTables(ulong tables) => PageTables = tables;

    /// <summary>A store to a page table in use. There is no page walker: who simulates one maps the page here.</summary>
    public virtual void StoreTranslation(ulong* entry, ulong value) => *entry = value;

    /// <summary>The jump into an instance.</summary>
    public virtual void EnterInstance(ulong tables, ulong entryTsc) => throw new NotSupportedException("entering an instance");

    /// <summary>The way into ring 3.</summary>
    public virtual void Resume(ulong exitWord) => throw new NotSupportedException($"going to ring 3 with 0x{exitWord:x}");

    /// <summary>An instruction that traps.</summary>
    public virtual void Trap(int vector) => throw new InvalidOperationException($"trap {vector}");

    private sealed class Scope(SimulatedMachine? previous) : IDisposable
    {
        public void Dispose() => s_current = previous;
    }
}
