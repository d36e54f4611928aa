using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Init;

/// <summary>What became of a program on this core.</summary>
public struct ProgramEntry
{
    /// <summary>Whether it runs.</summary>
    public ProgramState State;

    /// <summary>Why it could not be started, with <see cref="ProgramState.Failed"/>.</summary>
    public LoadResult Failure;

    /// <summary>Code that it ended with.</summary>
    public byte ExitCode;

    /// <summary>Whether memory was set aside for it: once, for good.</summary>
    public bool HasMemory;

    /// <summary>Times that it was started on this core.</summary>
    public uint Starts;

    /// <summary>Restarts in the present window.</summary>
    public ushort RestartsInWindow;

    /// <summary>TSC at which the window began.</summary>
    public ulong WindowBegan;

    private byte _fault;

    /// <summary>What stopped it last.</summary>
    public FaultKind Fault
    {
        readonly get => (FaultKind)_fault;
        set => _fault = (byte)value;
    }
}

/// <summary>Whether a program runs.</summary>
public enum ProgramState : byte
{
    /// <summary>It belongs to another core.</summary>
    Elsewhere,

    /// <summary>It runs, or waits for something.</summary>
    Running,

    /// <summary>It has ended by itself.</summary>
    Ended,

    /// <summary>A fault stopped it.</summary>
    Faulted,

    /// <summary>Somebody stopped it.</summary>
    Stopped,

    /// <summary>It could not be started.</summary>
    Failed,
}

/// <summary>All programs of the system.</summary>
[InlineArray((int)SystemHeader.ProgramsMax)]
public struct ProgramEntries
{
    private ProgramEntry _entry0;
}
