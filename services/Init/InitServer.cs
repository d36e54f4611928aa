using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>What Init does for the rest of its life: answers about programs, starts and stops them, and deals with the faults of those that nobody else
/// watches over.</summary>
[NonCopyable]
internal struct InitServer : ISystemServer, IFaultServer
{
    private const ulong MicrosecondsPerSecond = 1_000_000;
    private const ulong MillisecondsPerSecond = 1000;

    private InitState _state;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => _state.Teller.NextDeadline;

    /// <summary>Makes everything ready, and starts the programs of this core.</summary>
    internal StartFailure Begin()
    {
        StartFailure result = InitBoot.Begin(ref _state);
        if (result == StartFailure.None)
        {
            InitBoot.StartPrograms(ref _state);
        }

        return result;
    }

    /// <summary>Serves for ever: questions and faults come through one endpoint.</summary>
    internal void Serve() => _ = FaultLoop.Run<SystemDispatch<InitServer>, InitServer>(
        ref this, _state.Slots.Channel(SystemHeader.InitChannel), _state.Slots.Reply);

    /// <inheritdoc/>
    public void Signalled(ulong bits)
    {
        _state.Teller.Heard();
        _state.Teller.Tell(in _state.Log);
    }

    /// <inheritdoc/>
    public void Elapsed() => _state.Teller.Tell(in _state.Log);

    /// <inheritdoc/>
    public readonly uint Programs(in Caller caller, Span<byte> name, out uint length)
    {
        length = Copy(Text.OfName(in _state.System.Header.Name), name);
        return _state.System.Header.ProgramCount;
    }

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
        out ulong systemCalls)
    {
        length = 0;
        state = ProgramState.Elsewhere;
        starts = 0;
        priority = 0;
        memoryBytes = 0;
        microseconds = 0;
        systemCalls = 0;
        if (program >= _state.System.Header.ProgramCount)
        {
            return SystemAnswer.Unknown;
        }

        ref readonly ProgramRecord record = ref _state.System.Program(program);
        ref readonly ProgramEntry entry = ref _state.Programs[(int)program];
        length = Copy(Text.OfName(in record.Name), name);
        state = entry.State;
        starts = entry.Starts;
        priority = record.Priority;
        memoryBytes = entry.HasMemory ? 1UL << record.MemoryBits : 0;
        ThreadControl thread = new(SlotMap.OnShelf(program, ShelfSlot.Thread));
        ulong ticks = _state.TscHz / MicrosecondsPerSecond;
        if (state == ProgramState.Running && thread.Describe(out ThreadReport report) == SystemResult.Ok)
        {
            microseconds = ticks == 0 ? 0 : report.UsedTicks / ticks;
            systemCalls = report.SystemCalls;
        }

        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly SystemAnswer Image(in Caller caller, uint program, Span<byte> image, out uint length)
    {
        length = 0;
        if (program >= _state.System.Header.ProgramCount
            || !_state.Bundle.TryName(_state.System.Program(program).Image, out ReadOnlySpan<byte> name))
        {
            return SystemAnswer.Unknown;
        }

        length = Copy(name, image);
        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly SystemAnswer Why(in Caller caller, uint program, out StartFailure failure, out uint fault, out uint exitCode)
    {
        failure = StartFailure.None;
        fault = 0;
        exitCode = 0;
        if (program >= _state.System.Header.ProgramCount)
        {
            return SystemAnswer.Unknown;
        }

        ref readonly ProgramEntry entry = ref _state.Programs[(int)program];
        failure = entry.Failure;
        fault = (uint)entry.Fault;
        exitCode = entry.ExitCode;
        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly SystemAnswer Policy(in Caller caller, uint program, out bool isRestarted, out uint most, out uint windowSeconds)
    {
        isRestarted = false;
        most = 0;
        windowSeconds = 0;
        if (program >= _state.System.Header.ProgramCount)
        {
            return SystemAnswer.Unknown;
        }

        ref readonly ProgramRecord record = ref _state.System.Program(program);
        isRestarted = record.Restart == RestartPolicy.OnFault;
        most = record.RestartsMax;
        windowSeconds = record.RestartWindowSeconds;
        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public SystemAnswer Start(in Caller caller, uint program)
    {
        SystemAnswer known = Known(in caller, program);
        if (known != SystemAnswer.Done)
        {
            return known;
        }

        if (_state.Programs[(int)program].State == ProgramState.Running)
        {
            return SystemAnswer.WrongState;
        }

        return ProgramLife.Start(ref _state, program) == StartFailure.None ? SystemAnswer.Done : SystemAnswer.Failed;
    }

    /// <inheritdoc/>
    public SystemAnswer Stop(in Caller caller, uint program) => Take(in caller, program, ProgramState.Stopped);

    /// <inheritdoc/>
    public SystemAnswer GiveUp(in Caller caller, uint program, uint fault)
    {
        if (program < _state.System.Header.ProgramCount)
        {
            _state.Programs[(int)program].Fault = (FaultKind)fault;
        }

        return Take(in caller, program, ProgramState.Faulted);
    }

    /// <inheritdoc/>
    public SystemAnswer End(in Caller caller, uint program, uint exitCode)
    {
        SystemAnswer answer = Take(in caller, program, ProgramState.Ended);
        if (answer == SystemAnswer.Done)
        {
            _state.Programs[(int)program].ExitCode = (byte)exitCode;
        }

        return answer;
    }

    /// <inheritdoc/>
    public SystemAnswer Restart(in Caller caller, uint program)
    {
        SystemAnswer known = Known(in caller, program);
        if (known != SystemAnswer.Done)
        {
            return known;
        }

        ProgramLife.TakeAway(in _state, program);
        return ProgramLife.Start(ref _state, program) == StartFailure.None ? SystemAnswer.Done : SystemAnswer.Failed;
    }

    /// <inheritdoc/>
    public readonly SystemAnswer Slot(
        in Caller caller, uint program, uint slot, Span<byte> name, out uint length, out uint type, out uint rights, out ulong detail)
    {
        length = 0;
        type = 0;
        rights = 0;
        detail = 0;
        if (program >= _state.System.Header.ProgramCount || slot >= 1u << _state.System.Program(program).NodeBits)
        {
            return SystemAnswer.Unknown;
        }

        if (_state.Programs[(int)program].State != ProgramState.Running)
        {
            return SystemAnswer.WrongState;
        }

        CNodeTable node = new(SlotMap.OnShelf(program, ShelfSlot.Node));
        if (node.DescribeAll(slot, out type, out rights, out detail) != SystemResult.Ok)
        {
            return SystemAnswer.Unknown;
        }

        length = Copy(NameOfSlot(program, slot), name);
        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly ulong Memory(in Caller caller, out ulong free)
    {
        _state.Memory.Measure(out ulong total, out free);
        return total;
    }

    /// <inheritdoc/>
    public readonly SystemAnswer Figures(
        in Caller caller, out ulong systemCalls, out ulong switches, out ulong interrupts, out ulong turns, out ulong asleepMicroseconds, out ulong longestTicks)
    {
        ulong ticks = _state.TscHz / MicrosecondsPerSecond;
        systemCalls = Figure(InstanceFigure.SystemCalls);
        switches = Figure(InstanceFigure.Switches);
        interrupts = Figure(InstanceFigure.Interrupts);
        turns = Figure(InstanceFigure.Turns);
        asleepMicroseconds = ticks == 0 ? 0 : Figure(InstanceFigure.SleptTicks) / ticks;
        longestTicks = Figure(InstanceFigure.LongestStretch);
        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly ulong Events(in Caller caller, out ulong oldest)
    {
        oldest = _state.Log.Oldest;
        return _state.Log.Count;
    }

    /// <inheritdoc/>
    public readonly SystemAnswer Event(
        in Caller caller, ulong number, out uint program, out ulong milliseconds, out uint fault, out ulong rip, out ulong address, out WatchOutcome became)
    {
        bool isKnown = _state.Log.TryGet(number, out WatchEvent happened);
        ulong ticks = _state.TscHz / MillisecondsPerSecond;
        program = happened.Program;
        milliseconds = ticks == 0 ? 0 : happened.At / ticks;
        fault = (uint)happened.Fault;
        rip = happened.Rip;
        address = happened.Address;
        became = happened.Outcome;
        return isKnown ? SystemAnswer.Done : SystemAnswer.Unknown;
    }

    /// <inheritdoc/>
    public SystemAnswer Report(in Caller caller, uint program, uint fault, ulong rip, ulong address, WatchOutcome became)
    {
        if (program >= _state.System.Header.ProgramCount)
        {
            return SystemAnswer.Unknown;
        }

        Remember(new WatchEvent { At = Ipc.Now(), Program = program, Fault = (FaultKind)fault, Rip = rip, Address = address, Outcome = became });
        return SystemAnswer.Done;
    }

    /// <inheritdoc/>
    public void Stopped(uint program, in FaultMessage message)
    {
        if (program >= _state.System.Header.ProgramCount || _state.Programs[(int)program].State != ProgramState.Running)
        {
            return;
        }

        WatchEvent happened = new() { At = Ipc.Now(), Program = program, Fault = message.Kind, Rip = message.Rip, Address = message.Address };
        ref ProgramEntry entry = ref _state.Programs[(int)program];
        entry.Fault = message.Kind;
        if (message.Kind == FaultKind.UnknownSystemCall && ProgramExit.IsEnd(message.Address, out byte code))
        {
            entry.ExitCode = code;
            happened.Address = code;
            happened.Outcome = WatchOutcome.Ended;
            ProgramLife.Stop(ref _state, program, ProgramState.Ended);
        }
        else
        {
            happened.Outcome = ProgramLife.AfterFault(ref _state, program);
        }

        Remember(in happened);
    }

    private void Remember(in WatchEvent happened)
    {
        _state.Log.Add(in happened);
        _state.Teller.Tell(in _state.Log);
    }

    private SystemAnswer Take(in Caller caller, uint program, ProgramState how)
    {
        SystemAnswer known = Known(in caller, program);
        if (known != SystemAnswer.Done)
        {
            return known;
        }

        if (_state.Programs[(int)program].State != ProgramState.Running)
        {
            return SystemAnswer.WrongState;
        }

        ProgramLife.Stop(ref _state, program, how);
        return SystemAnswer.Done;
    }

    // A client's badge is its position and one.
    private readonly SystemAnswer Known(in Caller caller, uint program)
    {
        if (program >= _state.System.Header.ProgramCount)
        {
            return SystemAnswer.Unknown;
        }

        if (!_state.System.RunsOn(program, _state.Core))
        {
            return SystemAnswer.Elsewhere;
        }

        return caller.Badge == program + 1 ? SystemAnswer.Yourself : SystemAnswer.Done;
    }

    private readonly ReadOnlySpan<byte> NameOfSlot(uint program, uint slot)
    {
        if (slot < ProgramSlot.First)
        {
            return "reply"u8;
        }

        ref readonly ProgramRecord record = ref _state.System.Program(program);
        for (uint index = 0; index < record.GrantCount; index++)
        {
            ref readonly GrantRecord grant = ref _state.System.Grant(record.FirstGrant + index);
            if (grant.Slot == slot)
            {
                return Text.OfName(in grant.Name);
            }
        }

        return default;
    }

    private static ulong Figure(InstanceFigure figure) =>
        new InstanceFigures(RootSlot.InstanceControl).Read(figure, out ulong value) == SystemResult.Ok ? value : 0;

    private static uint Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int length = from.Length < to.Length ? from.Length : to.Length;
        for (int index = 0; index < length; index++)
        {
            to[index] = from[index];
        }

        return (uint)length;
    }
}
