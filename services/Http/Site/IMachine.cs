using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>Who knows how the machine is. No call waits for more than the answer of Init of this core.</summary>
public interface IMachine
{
    /// <summary>Tells how the instance is that this program runs on.</summary>
    void Describe(out InstanceFacts facts);

    /// <summary>Programs of the system, those of other cores included; 0 when Init does not answer.</summary>
    uint CountPrograms();

    /// <summary>Tells how a program is.</summary>
    /// <param name="program">Its position in the system.</param>
    /// <param name="name">Its name.</param>
    /// <param name="facts">The rest.</param>
    /// <returns>False: there is no such program, or Init does not answer.</returns>
    bool TryDescribe(uint program, ref ProgramName name, out ProgramFacts facts);

    /// <summary>Tells how the instance of another core was when it last told. The question has it asked anew.</summary>
    /// <param name="core">The core.</param>
    /// <param name="facts">How it was. Its uptime says when that was asked.</param>
    /// <param name="programs">How many programs it has.</param>
    /// <returns>False: it has told nothing lately.</returns>
    bool TryDescribeCore(uint core, out InstanceFacts facts, out uint programs);

    /// <summary>Tells how a program of another core was.</summary>
    /// <param name="core">The core.</param>
    /// <param name="place">Which of its programs.</param>
    /// <param name="name">Its name.</param>
    /// <param name="facts">The rest.</param>
    /// <returns>False: there is no such program any more.</returns>
    bool TryDescribeProgram(uint core, uint place, ref ProgramName name, out ProgramFacts facts);
}

/// <summary>How an instance is. Counters count from its start.</summary>
public struct InstanceFacts
{
    /// <summary>Its core.</summary>
    public uint Core;

    /// <summary>Cores of the machine that were meant to get an instance.</summary>
    public uint Cores;

    /// <summary>Microseconds since the machine was started.</summary>
    public ulong Uptime;

    /// <summary>Bytes that the kernel gave to programs.</summary>
    public ulong MemoryBytes;

    /// <summary>Bytes of these that nothing was made of.</summary>
    public ulong FreeBytes;

    /// <summary>System calls that took the long way.</summary>
    public ulong SystemCalls;

    /// <summary>Switches between threads.</summary>
    public ulong Switches;

    /// <summary>Interrupts that came while programs ran.</summary>
    public ulong Interrupts;

    /// <summary>Turns of the kernel's event loop: each is a wake-up.</summary>
    public ulong WakeUps;

    /// <summary>Microseconds asleep.</summary>
    public ulong Slept;

    /// <summary>Whether somebody hands devices out, and answers: then the next two mean something.</summary>
    public bool HasDevices;

    /// <summary>Whether devices reach only what their drivers have mapped for them.</summary>
    public bool AreDevicesHeld;

    /// <summary>Times that a device reached for something else, and was stopped.</summary>
    public ulong DeviceFaults;
}

/// <summary>How a program is. Counters count from its start.</summary>
public struct ProgramFacts
{
    /// <summary>Bytes of its name.</summary>
    public uint NameLength;

    /// <summary>Whether it runs.</summary>
    public ProgramState State;

    /// <summary>Times that it was started.</summary>
    public uint Starts;

    /// <summary>Its priority.</summary>
    public uint Priority;

    /// <summary>Memory that is set aside for it.</summary>
    public ulong MemoryBytes;

    /// <summary>Microseconds that it has run.</summary>
    public ulong Ran;

    /// <summary>System calls that took the long way.</summary>
    public ulong SystemCalls;
}
