using System;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Agent;

/// <summary>Gives each question on to Init of its core, and the answer back. It has no say of its own: what the channel's other end may not ask, the system does not join.</summary>
/// <param name="system">Address of Init's endpoint.</param>
internal readonly struct AgentServer(ulong system) : ISystemServer
{
    private readonly SystemClient _system = new(system);

    /// <inheritdoc/>
    public readonly ulong NextDeadline => Deadline.Never;

    /// <inheritdoc/>
    public readonly void Signalled(ulong bits)
    {
    }

    /// <inheritdoc/>
    public readonly void Elapsed()
    {
    }

    /// <inheritdoc/>
    public readonly uint Programs(in Caller caller, Span<byte> name, out uint length) =>
        _system.Programs(name, out length, out uint count) == CallResult.Ok ? count : 0;

    /// <inheritdoc/>
    public readonly SystemAnswer Describe(
        in Caller caller,
        uint program,
        Span<byte> name,
        out uint length,
        out ProgramState state,
        out uint starts,
        out uint priority,
        out ulong memoryBytes,
        out ulong microseconds,
        out ulong systemCalls) =>
        Answer(
            _system.Describe(
                program, name, out length, out state, out starts, out priority, out memoryBytes, out microseconds, out systemCalls, out SystemAnswer answer),
            answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Image(in Caller caller, uint program, Span<byte> image, out uint length) =>
        Answer(_system.Image(program, image, out length, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Why(in Caller caller, uint program, out StartFailure failure, out uint fault, out uint exitCode) =>
        Answer(_system.Why(program, out failure, out fault, out exitCode, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Policy(in Caller caller, uint program, out bool isRestarted, out uint most, out uint windowSeconds) =>
        Answer(_system.Policy(program, out isRestarted, out most, out windowSeconds, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Start(in Caller caller, uint program) => Answer(_system.Start(program, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Stop(in Caller caller, uint program) => Answer(_system.Stop(program, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Restart(in Caller caller, uint program) => Answer(_system.Restart(program, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer GiveUp(in Caller caller, uint program, uint fault) => Answer(_system.GiveUp(program, fault, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer End(in Caller caller, uint program, uint exitCode) => Answer(_system.End(program, exitCode, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Slot(
        in Caller caller, uint program, uint slot, Span<byte> name, out uint length, out uint type, out uint rights, out ulong detail) =>
        Answer(_system.Slot(program, slot, name, out length, out type, out rights, out detail, out SystemAnswer answer), answer);

    /// <inheritdoc/>
    public readonly ulong Memory(in Caller caller, out ulong free) => _system.Memory(out free, out ulong total) == CallResult.Ok ? total : 0;

    /// <inheritdoc/>
    public readonly SystemAnswer Figures(
        in Caller caller, out ulong systemCalls, out ulong switches, out ulong interrupts, out ulong turns, out ulong asleepMicroseconds, out ulong longestTicks) =>
        Answer(
            _system.Figures(out systemCalls, out switches, out interrupts, out turns, out asleepMicroseconds, out longestTicks, out SystemAnswer answer),
            answer);

    /// <inheritdoc/>
    public readonly ulong Events(in Caller caller, out ulong oldest) => _system.Events(out oldest, out ulong count) == CallResult.Ok ? count : 0;

    /// <inheritdoc/>
    public readonly SystemAnswer Event(
        in Caller caller, ulong number, out uint program, out ulong milliseconds, out uint fault, out ulong rip, out ulong address, out WatchOutcome became) =>
        Answer(
            _system.Event(number, out program, out milliseconds, out fault, out rip, out address, out became, out SystemAnswer answer),
            answer);

    /// <inheritdoc/>
    public readonly SystemAnswer Report(in Caller caller, uint program, uint fault, ulong rip, ulong address, WatchOutcome became) =>
        Answer(_system.Report(program, fault, rip, address, became, out SystemAnswer answer), answer);

    // Init is always there, so a call that fails has asked for what Init does not know.
    private static SystemAnswer Answer(CallResult result, SystemAnswer answer) => result == CallResult.Ok ? answer : SystemAnswer.Unknown;
}
