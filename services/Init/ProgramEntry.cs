using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>What became of a program on this core.</summary>
public struct ProgramEntry
{
    /// <summary>Code that it ended with.</summary>
    public byte ExitCode;

    /// <summary>Whether memory was set aside for it: once, for good.</summary>
    public bool HasMemory;

    /// <summary>Times that it was started on this core.</summary>
    public uint Starts;

    /// <summary>Restarts that Init itself decides on.</summary>
    public RestartBudget Budget;

    private byte _state;
    private byte _failure;
    private byte _fault;

    /// <summary>Whether it runs.</summary>
    public ProgramState State
    {
        readonly get => (ProgramState)_state;
        set => _state = (byte)value;
    }

    /// <summary>Why it could not be started, with <see cref="ProgramState.Failed"/>.</summary>
    public StartFailure Failure
    {
        readonly get => (StartFailure)_failure;
        set => _failure = (byte)value;
    }

    /// <summary>What stopped it last.</summary>
    public FaultKind Fault
    {
        readonly get => (FaultKind)_fault;
        set => _fault = (byte)value;
    }
}

/// <summary>All programs of the system.</summary>
[InlineArray((int)SystemHeader.ProgramsMax)]
public struct ProgramEntries
{
    private ProgramEntry _entry0;
}
