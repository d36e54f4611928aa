using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Supervisor;

/// <summary>Hears of every fault, decides whether the program is started again, and remembers.</summary>
[NonCopyable]
public struct SupervisorServer : IWatchServer, IFaultServer
{
    private const ulong MillisecondsPerSecond = 1000;

    private readonly uint _system;
    private readonly uint _console;
    private readonly ulong _tscHz;
    private readonly uint _core;
    private StopListener _stops;
    private EventLog _log;
    private Budgets _budgets;
    private HangTellers _tellers;
    private ProgramWatch _watch;

    // Faults that the console was not told of.
    private uint _unwritten;

    /// <summary>Begins.</summary>
    public SupervisorServer(in ProgramStart start)
    {
        _system = start.Find("system"u8);
        _console = start.Find("console"u8);
        _tscHz = start.TscHz;
        _core = start.Core;
        _stops = new StopListener(in start);
        _tellers = HangTellers.Of(start.Arguments);
        _watch = ProgramWatch.Of(start.Arguments, start.Region("watched"u8), start.TscHz);
    }

    /// <inheritdoc/>
    public readonly ulong NextDeadline => _watch.NextDeadline;

    /// <inheritdoc/>
    public readonly ulong Events(in Caller caller, out ulong oldest)
    {
        oldest = _log.Oldest;
        return _log.Count;
    }

    /// <inheritdoc/>
    public readonly bool Event(
        in Caller caller,
        ulong number,
        Span<byte> program,
        out uint length,
        out ulong milliseconds,
        out uint fault,
        out ulong rip,
        out ulong address,
        out WatchOutcome became)
    {
        bool isKnown = _log.TryGet(number, out WatchEvent happened);
        length = isKnown ? NameOf(happened.Program, program) : 0;
        ulong ticks = _tscHz / MillisecondsPerSecond;
        milliseconds = ticks == 0 ? 0 : happened.At / ticks;
        fault = (uint)happened.Fault;
        rip = happened.Rip;
        address = happened.Address;
        became = happened.Outcome;
        return isKnown;
    }

    /// <inheritdoc/>
    public bool Hangs(in Caller caller, uint program, out WatchOutcome became)
    {
        bool may = _tellers.May(caller.Badge, program);
        became = may ? Happened(new WatchEvent { At = Ipc.Now(), Program = program, Fault = FaultKind.Hang }) : WatchOutcome.Failed;
        return may;
    }

    /// <inheritdoc/>
    public void Signalled(ulong bits)
    {
        _stops.Awake();
        HearOfOthers();
    }

    /// <inheritdoc/>
    public void Elapsed()
    {
        ulong now = Ipc.Now();
        if (_watch.Misses(now, _system, out uint program))
        {
            _ = Happened(new WatchEvent { At = now, Program = program, Fault = FaultKind.Hang });
        }
    }

    /// <inheritdoc/>
    public void Stopped(uint program, in FaultMessage message) => _ = Happened(new WatchEvent
    {
        At = Ipc.Now(),
        Program = program,
        Fault = message.Kind,
        Rip = message.Rip,
        Address = message.Address,
    });

    /// <summary>Writes what happened on other cores, and over which it does not watch. Their Init has decided, and remembers.</summary>
    internal void HearOfOthers()
    {
        while (_stops.TryNext(out uint core, out WatchEvent happened))
        {
            Write(core, in happened);
        }
    }

    private WatchOutcome Happened(in WatchEvent told)
    {
        WatchEvent happened = told;
        uint program = happened.Program;
        happened.Outcome = Decide(program, ref happened);
        _log.Add(in happened);
        if (happened.Outcome != WatchOutcome.Ended)
        {
            Report(in happened);
        }

        return happened.Outcome;
    }

    // Who has no console tells Init, which tells whoever has one.
    private void Report(in WatchEvent happened)
    {
        if (_console != ProgramSlot.Null)
        {
            Write(_core, in happened);
            return;
        }

        CallResult told = new SystemClient(_system).Report(
            happened.Program, (uint)happened.Fault, happened.Rip, happened.Address, happened.Outcome, out SystemAnswer answer);
        _unwritten += told == CallResult.Ok && answer == SystemAnswer.Done ? 0u : 1;
    }

    private void Write(uint core, in WatchEvent happened)
    {
        ProgramName name = default;
        Span<byte> field = Text.FieldOf(ref name);
        uint length = NameOf(happened.Program, field);
        ProgramName imageName = default;
        Span<byte> image = Text.FieldOf(ref imageName);
        uint imageLength = ImageOf(happened.Program, image);
        _unwritten += FaultReport.Write(
            _console, _tscHz, field.Slice(0, (int)length), image.Slice(0, (int)imageLength), core, in happened) ? 0u : 1;
    }

    private WatchOutcome Decide(uint program, ref WatchEvent happened)
    {
        SystemClient system = new(_system);
        if (happened.Fault == FaultKind.UnknownSystemCall && ProgramExit.IsEnd(happened.Address, out byte code))
        {
            happened.Address = code;
            return Ended(system.End(program, code, out SystemAnswer ended), ended, WatchOutcome.Ended);
        }

        if (program >= SystemHeader.ProgramsMax
            || system.Policy(program, out bool isRestarted, out uint most, out uint seconds, out SystemAnswer known) != CallResult.Ok
            || known != SystemAnswer.Done)
        {
            return WatchOutcome.Failed;
        }

        if (!isRestarted || !_budgets[(int)program].TrySpend(most, seconds * _tscHz, happened.At))
        {
            CallResult told = system.GiveUp(program, (uint)happened.Fault, out SystemAnswer given);
            return Ended(told, given, isRestarted ? WatchOutcome.BudgetSpent : WatchOutcome.NotRestarted);
        }

        CallResult asked = system.Restart(program, out SystemAnswer answer);
        return asked == CallResult.Ok && answer == SystemAnswer.Done ? WatchOutcome.Restarted : WatchOutcome.Failed;
    }

    private static WatchOutcome Ended(CallResult result, SystemAnswer answer, WatchOutcome outcome) =>
        result == CallResult.Ok && answer == SystemAnswer.Done ? outcome : WatchOutcome.Failed;

    private readonly uint NameOf(uint program, Span<byte> name)
    {
        CallResult result = new SystemClient(_system).Describe(
            program, name, out uint length, out _, out _, out _, out _, out _, out _, out SystemAnswer answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done ? length : 0;
    }

    private readonly uint ImageOf(uint program, Span<byte> image)
    {
        CallResult result = new SystemClient(_system).Image(program, image, out uint length, out SystemAnswer answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done ? length : 0;
    }

    [InlineArray((int)SystemHeader.ProgramsMax)]
    private struct Budgets
    {
        private RestartBudget _budget0;
    }
}
