using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary>Who answers for the programs of a core: Init for the shell's own, for any other the agent there (<c>services/Agent</c>), over a channel.</summary>
/// <remarks>An agent that does not answer within half a second is left alone for the rest of the command.</remarks>
[NonCopyable]
internal struct Informants
{
    /// <summary>Cores that agents can be on: as many as the shell's need has ends. Their state stands on its stack.</summary>
    internal const uint CoresMax = 16;

    private const uint CallsASecond = 2;

    private SystemClient _here;
    private uint _own;
    private uint _cores;
    private ulong _patience;
    private Others _others;

    /// <summary>Learns whom there is to ask.</summary>
    internal void Begin(in ProgramStart start)
    {
        _here = new SystemClient(start.Find("system"u8));
        _own = start.Core;
        _cores = start.Cores;
        _patience = start.TscHz / CallsASecond;
        for (uint core = 0; core < CoresMax; core++)
        {
            _others[(int)core].Transport.Channel = RingChannel.Of(in start, "agents"u8, core);
        }
    }

    /// <summary>The shell's own core.</summary>
    internal readonly uint Own => _own;

    /// <summary>Cores of the machine that can be asked, the own included; those of higher numbers have no agent that the shell knows.</summary>
    internal readonly uint Cores => _cores < CoresMax ? _cores : CoresMax;

    /// <summary>Whether the system has agents.</summary>
    internal readonly bool HasAgents => _others[0].Transport.Channel.IsGiven;

    /// <summary>Asks every core of the machine whether it answers.</summary>
    internal CoreSet Ask()
    {
        CoreSet answering = default;
        for (uint core = 0; core < Cores; core++)
        {
            if (core == _own || Answers(core))
            {
                answering.Add(core);
            }
        }

        return answering;
    }

    /// <summary>As <see cref="ISystem.Describe"/>, of a core.</summary>
    internal bool TryDescribe(uint core, uint program, ref ProgramName name, out ProgramFacts facts)
    {
        facts = default;
        Span<byte> field = Text.FieldOf(ref name);
        SystemAnswer answer;
        CallResult result = core == _own
            ? _here.Describe(
                program, field, out facts.NameLength, out facts.State, out facts.Starts, out facts.Priority, out facts.MemoryBytes, out facts.Microseconds, out facts.SystemCalls, out answer)
            : At(ref this, core).Describe(
                program, field, out facts.NameLength, out facts.State, out facts.Starts, out facts.Priority, out facts.MemoryBytes, out facts.Microseconds, out facts.SystemCalls, out answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done;
    }

    /// <summary>As <see cref="ISystem.Why"/>.</summary>
    internal bool TryWhy(uint core, uint program, out StartFailure failure, out uint fault, out uint exitCode)
    {
        SystemAnswer answer;
        CallResult result = core == _own
            ? _here.Why(program, out failure, out fault, out exitCode, out answer)
            : At(ref this, core).Why(program, out failure, out fault, out exitCode, out answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done;
    }

    /// <summary>As <see cref="ISystem.Slot"/>.</summary>
    internal CallResult Slot(
        uint core, uint program, uint slot, Span<byte> name, out uint length, out uint type, out uint rights, out ulong detail, out SystemAnswer answer) =>
        core == _own
            ? _here.Slot(program, slot, name, out length, out type, out rights, out detail, out answer)
            : At(ref this, core).Slot(program, slot, name, out length, out type, out rights, out detail, out answer);

    /// <summary>As <see cref="ISystem.Memory"/>.</summary>
    internal bool TryMemory(uint core, out ulong free, out ulong total) =>
        (core == _own ? _here.Memory(out free, out total) : At(ref this, core).Memory(out free, out total)) == CallResult.Ok;

    /// <summary>As <see cref="ISystem.Figures"/>.</summary>
    internal bool TryFigures(uint core, out KernelFigures figures)
    {
        figures = default;
        SystemAnswer answer;
        CallResult result = core == _own
            ? _here.Figures(
                out figures.SystemCalls, out figures.Switches, out figures.Interrupts, out figures.Turns, out figures.AsleepMicroseconds, out figures.LongestTicks, out answer)
            : At(ref this, core).Figures(
                out figures.SystemCalls, out figures.Switches, out figures.Interrupts, out figures.Turns, out figures.AsleepMicroseconds, out figures.LongestTicks, out answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done;
    }

    /// <summary>As <see cref="ISystem.Events"/>; none where nobody answers.</summary>
    internal ulong Events(uint core, out ulong oldest)
    {
        CallResult result = core == _own ? _here.Events(out oldest, out ulong count) : At(ref this, core).Events(out oldest, out count);
        return result == CallResult.Ok ? count : 0;
    }

    /// <summary>As <see cref="ISystem.Event"/>.</summary>
    internal bool TryEvent(uint core, ulong number, out StopReport report)
    {
        report = default;
        SystemAnswer answer;
        CallResult result = core == _own
            ? _here.Event(number, out report.Program, out report.Milliseconds, out report.Fault, out report.Rip, out report.Address, out report.Outcome, out answer)
            : At(ref this, core).Event(number, out report.Program, out report.Milliseconds, out report.Fault, out report.Rip, out report.Address, out report.Outcome, out answer);
        return result == CallResult.Ok && answer == SystemAnswer.Done;
    }

    /// <summary>As <see cref="ISystem.Start"/>.</summary>
    internal CallResult Start(uint core, uint program, out SystemAnswer answer) =>
        core == _own ? _here.Start(program, out answer) : At(ref this, core).Start(program, out answer);

    /// <summary>As <see cref="ISystem.Stop"/>.</summary>
    internal CallResult Stop(uint core, uint program, out SystemAnswer answer) =>
        core == _own ? _here.Stop(program, out answer) : At(ref this, core).Stop(program, out answer);

    /// <summary>As <see cref="ISystem.Restart"/>.</summary>
    internal CallResult Restart(uint core, uint program, out SystemAnswer answer) =>
        core == _own ? _here.Restart(program, out answer) : At(ref this, core).Restart(program, out answer);

    /// <summary>Asks the cores that an argument means: the one that it names, or all when it is empty.</summary>
    /// <param name="around">Who is told that it means none, or that the one is silent.</param>
    /// <param name="argument">What was typed.</param>
    internal CoreSet Ask(in Surroundings around, ReadOnlySpan<byte> argument)
    {
        CoreSet answering = Ask();
        if (argument.Length == 0)
        {
            TellSilent(in around, answering);
            return answering;
        }

        CoreSet one = default;
        if (ArgumentReader.TryNumber(argument, out ulong core) && core < CoresMax && answering.Has((uint)core))
        {
            one.Add((uint)core);
        }
        else
        {
            around.Print("no such core answers\n"u8);
        }

        return one;
    }

    /// <summary>Says which cores have not answered.</summary>
    internal readonly void TellSilent(in Surroundings around, CoreSet answering)
    {
        for (uint core = 0; core < Cores && HasAgents; core++)
        {
            if (!answering.Has(core))
            {
                TextBuffer text = default;
                text.Add("core "u8);
                text.Add(core);
                text.Add(" does not answer\n"u8);
                around.Print(in text);
            }
        }

        if (_cores > CoresMax && HasAgents)
        {
            around.Print("cores from 16 on are not asked\n"u8);
        }
    }

    // An agent that was started again, or whose core was, has to be asked for anew: once.
    private bool Answers(uint core)
    {
        if (!_others[(int)core].Transport.Channel.IsGiven)
        {
            return false;
        }

        // All ends signal one notification: what it told of this one may have been heard in a wait for another.
        _others[(int)core].Transport.Channel.Awake();
        CallResult result = Programs(core);
        if (result == CallResult.PeerDied && _others[(int)core].Transport.Channel.Reopen() == ChannelResult.Done)
        {
            result = Programs(core);
        }

        return result == CallResult.Ok;
    }

    private CallResult Programs(uint core)
    {
        ProgramName name = default;
        return At(ref this, core).Programs(Text.FieldOf(ref name), out _, out _);
    }

    private static ref SystemClient<ChannelTransport> At(ref Informants informants, uint core)
    {
        ref SystemClient<ChannelTransport> agent = ref informants._others[(int)core];
        agent.Transport.Deadline = Ipc.Now() + informants._patience;
        return ref agent;
    }

    [NonCopyable]
    [InlineArray((int)CoresMax)]
    private struct Others
    {
        private SystemClient<ChannelTransport> _core0;
    }
}

/// <summary>Some of the machine's cores.</summary>
internal struct CoreSet
{
    private ulong _bits;

    /// <summary>Adds one, below <see cref="Informants.CoresMax"/>.</summary>
    internal void Add(uint core) => _bits |= 1UL << (int)core;

    /// <summary>Whether there is none.</summary>
    internal readonly bool IsEmpty => _bits == 0;

    /// <summary>Whether it is one of them.</summary>
    internal readonly bool Has(uint core) => core < Informants.CoresMax && (_bits & (1UL << (int)core)) != 0;
}

/// <summary>How a program stopped: as <see cref="ISystem.Event"/> tells.</summary>
internal struct StopReport
{
    internal uint Program;
    internal ulong Milliseconds;
    internal uint Fault;
    internal ulong Rip;
    internal ulong Address;
    internal WatchOutcome Outcome;
}

/// <summary>What a kernel has done.</summary>
internal struct KernelFigures
{
    internal ulong SystemCalls;
    internal ulong Switches;
    internal ulong Interrupts;
    internal ulong Turns;
    internal ulong AsleepMicroseconds;
    internal ulong LongestTicks;
}
