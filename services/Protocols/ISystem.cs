using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>What Init knows of the programs of its core, and does with them. Who holds a capability for it may do all of it.</summary>
[Protocol("system", version: 1)]
public interface ISystem
{
    /// <summary>Programs of the system, those of other cores included.</summary>
    /// <param name="name">The system's name.</param>
    /// <param name="length">Its length.</param>
    uint Programs(Span<byte> name, out uint length);

    /// <summary>Tells how a program is.</summary>
    /// <param name="program">Its position in the system.</param>
    /// <param name="name">Its name.</param>
    /// <param name="length">Length of the name.</param>
    /// <param name="state">Whether it runs.</param>
    /// <param name="starts">Times that it was started.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="memoryBytes">Memory that is set aside for it.</param>
    /// <param name="microseconds">Time that it has used.</param>
    /// <param name="systemCalls">System calls that took the long way.</param>
    SystemAnswer Describe(
        uint program,
        Span<byte> name,
        out uint length,
        out ProgramState state,
        out uint starts,
        out uint priority,
        out ulong memoryBytes,
        out ulong microseconds,
        out ulong systemCalls);

    /// <summary>Tells what a program is made of.</summary>
    /// <param name="program">Its position.</param>
    /// <param name="image">Name of its image in the bundle.</param>
    /// <param name="length">Length of the name.</param>
    SystemAnswer Image(uint program, Span<byte> image, out uint length);

    /// <summary>Tells why a program does not run.</summary>
    /// <param name="program">Its position.</param>
    /// <param name="failure">Why it could not be started.</param>
    /// <param name="fault">What stopped it.</param>
    /// <param name="exitCode">What it ended with.</param>
    SystemAnswer Why(uint program, out StartFailure failure, out uint fault, out uint exitCode);

    /// <summary>Tells what may restart a program, and how often.</summary>
    /// <param name="program">Its position.</param>
    /// <param name="isRestarted">Whether it is started again after a fault.</param>
    /// <param name="most">So often at most.</param>
    /// <param name="windowSeconds">In so many seconds.</param>
    SystemAnswer Policy(uint program, out bool isRestarted, out uint most, out uint windowSeconds);

    /// <summary>Starts a program that does not run.</summary>
    SystemAnswer Start(uint program);

    /// <summary>Takes a program away: who waits for it hears that it is dead.</summary>
    SystemAnswer Stop(uint program);

    /// <summary>Takes a program away and starts it again: who waits to be served by it waits on.</summary>
    SystemAnswer Restart(uint program);

    /// <summary>A program has faulted, and is not to be started again.</summary>
    SystemAnswer GiveUp(uint program, uint fault);

    /// <summary>A program has ended by itself.</summary>
    /// <param name="program">Its position.</param>
    /// <param name="exitCode">How, 0 to 255; 0: it did what it should.</param>
    SystemAnswer End(uint program, uint exitCode);

    /// <summary>Tells what is in a slot of a program's CNode.</summary>
    /// <param name="program">Its position.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="name">The name under which the program knows it.</param>
    /// <param name="length">Length of the name.</param>
    /// <param name="type">What it is: a <see cref="CapabilityType"/>.</param>
    /// <param name="rights">What may be done with it.</param>
    /// <param name="detail">As <see cref="CNodeOperation.Describe"/> tells.</param>
    SystemAnswer Slot(uint program, uint slot, Span<byte> name, out uint length, out uint type, out uint rights, out ulong detail);

    /// <summary>Tells what memory the instance has.</summary>
    /// <param name="free">Bytes that nothing was made of.</param>
    /// <returns>Bytes that the kernel gave.</returns>
    ulong Memory(out ulong free);

    /// <summary>Tells what the kernel of the core has done.</summary>
    /// <param name="systemCalls">System calls that took the long way.</param>
    /// <param name="switches">Switches between threads.</param>
    /// <param name="interrupts">Interrupts and exceptions that came while programs ran.</param>
    /// <param name="turns">Turns of its event loop.</param>
    /// <param name="asleepMicroseconds">Time that it slept.</param>
    /// <param name="longestTicks">The longest stretch without an answer to an interrupt, in TSC ticks.</param>
    SystemAnswer Figures(
        out ulong systemCalls, out ulong switches, out ulong interrupts, out ulong turns, out ulong asleepMicroseconds, out ulong longestTicks);

    /// <summary>Programs that stopped, over which no supervisor with a console watches; the newest <see cref="Event"/> still knows.</summary>
    /// <param name="oldest">Number of the oldest that is still known.</param>
    /// <returns>How many there were.</returns>
    ulong Events(out ulong oldest);

    /// <summary>Tells about one of them, as <see cref="IWatch.Event"/> does.</summary>
    /// <param name="number">Which: from the oldest to one less than there are.</param>
    /// <param name="program">Its position.</param>
    /// <param name="milliseconds">Since the machine was started.</param>
    /// <param name="fault">What stopped it: a FaultKind.</param>
    /// <param name="rip">Where.</param>
    /// <param name="address">Page fault: the address; its own end: the code; else what the fault says.</param>
    /// <param name="became">What became of it.</param>
    SystemAnswer Event(ulong number, out uint program, out ulong milliseconds, out uint fault, out ulong rip, out ulong address, out WatchOutcome became);

    /// <summary>A supervisor without a console tells what it has seen: Init remembers it with what it saw itself, and tells whoever has a console.</summary>
    /// <param name="program">Position of the program.</param>
    /// <param name="fault">What stopped it: a FaultKind.</param>
    /// <param name="rip">Where.</param>
    /// <param name="address">As with <see cref="Event"/>.</param>
    /// <param name="became">What became of it.</param>
    SystemAnswer Report(uint program, uint fault, ulong rip, ulong address, WatchOutcome became);
}

/// <summary>What Init answers.</summary>
public enum SystemAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>There is no such program, or slot.</summary>
    Unknown,

    /// <summary>The program belongs to another core.</summary>
    Elsewhere,

    /// <summary>It runs already, or does not run.</summary>
    WrongState,

    /// <summary>It could not be started: <see cref="ISystem.Why"/>.</summary>
    Failed,

    /// <summary>Init does not take away who asks it to: there would be nobody to answer.</summary>
    Yourself,
}

/// <summary>Whether a program runs.</summary>
public enum ProgramState
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

/// <summary>Why a program could not be started.</summary>
[MustUse]
public enum StartFailure
{
    /// <summary>It could.</summary>
    None,

    /// <summary>The bundle has no image at the position that the system names.</summary>
    ImageMissing,

    /// <summary>The image cannot be loaded.</summary>
    ImageInvalid,

    /// <summary>The system table says something that cannot be.</summary>
    SystemInvalid,

    /// <summary>The instance has not enough memory: raise grant_mib.</summary>
    OutOfMemory,

    /// <summary>The memory that the system sets aside for the program is too small for it: raise its memory_kib.</summary>
    ProgramOutOfMemory,

    /// <summary>The program has more pages than Init has slots for.</summary>
    OutOfSlots,

    /// <summary>The kernel refused a capability: a line or a range that is taken, or does not exist.</summary>
    Refused,
}
