using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>The machine that the program runs on: Init and the kernel tell of the own core, agents of the others.</summary>
internal struct LiveMachine : IMachine
{
    private const ulong MicrosecondsPerSecond = 1_000_000;

    // One answer asks for the same many times: within so long it is the same.
    private const ulong FreshTime = 10_000;

    private readonly SystemClient _system;
    private readonly OtherCores _others;
    private readonly InstanceFigures _figures;
    private readonly uint _devices;
    private readonly ulong _ticks;
    private InstanceFacts _facts;
    private uint _programs;

    internal LiveMachine(in ProgramStart start, in OtherCores others)
    {
        ulong ticks = start.TscHz / MicrosecondsPerSecond;
        _system = new SystemClient(start.Find("system"u8));
        _others = others;
        _figures = new InstanceFigures(start.Find("figures"u8));
        _devices = start.Find("devices"u8);
        _ticks = ticks == 0 ? 1 : ticks;
        _facts = default;
        _facts.Core = start.Core;
        _facts.Cores = start.Cores;
        _programs = 0;
    }

    /// <inheritdoc/>
    public void Describe(out InstanceFacts facts)
    {
        Refresh();
        facts = _facts;
    }

    /// <inheritdoc/>
    public uint CountPrograms()
    {
        Refresh();
        return _programs;
    }

    /// <inheritdoc/>
    public readonly bool TryDescribe(uint program, ref ProgramName name, out ProgramFacts facts)
    {
        name = default;
        CallResult result = _system.Describe(
            program,
            Text.FieldOf(ref name),
            out uint length,
            out ProgramState state,
            out uint starts,
            out uint priority,
            out ulong memoryBytes,
            out ulong microseconds,
            out ulong systemCalls,
            out SystemAnswer answer);
        facts = default;
        if (result != CallResult.Ok || answer != SystemAnswer.Done)
        {
            return false;
        }

        facts.NameLength = length;
        facts.State = state;
        facts.Starts = starts;
        facts.Priority = priority;
        facts.MemoryBytes = memoryBytes;
        facts.Ran = microseconds;
        facts.SystemCalls = systemCalls;
        return true;
    }

    /// <inheritdoc/>
    public bool TryDescribeCore(uint core, out InstanceFacts facts, out uint programs)
    {
        Refresh();
        return _others.TryDescribe(_facts.Uptime, core, _programs, out facts, out programs);
    }

    /// <inheritdoc/>
    public readonly bool TryDescribeProgram(uint core, uint place, ref ProgramName name, out ProgramFacts facts) =>
        _others.TryDescribe(core, place, ref name, out facts);

    private void Refresh()
    {
        ulong now = InMicroseconds(Ipc.Now());
        if (_programs != 0 && now - _facts.Uptime < FreshTime)
        {
            return;
        }

        ProgramName name = default;
        _programs = _system.Programs(Text.FieldOf(ref name), out _, out uint count) == CallResult.Ok ? count : 0;
        if (_system.Memory(out ulong free, out ulong total) == CallResult.Ok)
        {
            _facts.MemoryBytes = total;
            _facts.FreeBytes = free;
        }

        _facts.HasDevices = _devices != ProgramSlot.Null
            && new PciClient(_devices).Faults(out _facts.AreDevicesHeld, out _facts.DeviceFaults, out _, out _, out _, out _) == CallResult.Ok;
        _facts.Uptime = now;
        _facts.SystemCalls = Read(InstanceFigure.SystemCalls);
        _facts.Switches = Read(InstanceFigure.Switches);
        _facts.Interrupts = Read(InstanceFigure.Interrupts);
        _facts.WakeUps = Read(InstanceFigure.Turns);
        _facts.Slept = InMicroseconds(Read(InstanceFigure.SleptTicks));
    }

    private readonly ulong Read(InstanceFigure figure) => _figures.Read(figure, out ulong value) == SystemResult.Ok ? value : 0;

    private readonly ulong InMicroseconds(ulong ticks)
    {
        ulong each = _ticks;
        return each == 0 ? 0 : ticks / each;
    }
}
