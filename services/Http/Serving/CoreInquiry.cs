using System;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>Asks the agent of a core how all is there, one question after the other, and never waits for it.</summary>
/// <remarks>What comes is shown when the last answer has come. All of it is untrusted: a core that lies tells wrong figures of itself.</remarks>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct CoreInquiry
{
    /// <summary>Bytes of it: a row of the store.</summary>
    internal const int SizeBytes = 7 * 1024;

    // Microseconds without an answer after which it is left alone until the next time.
    private const ulong Patience = 500_000;

    // An agent that answers faster than we ask would keep everybody else waiting.
    private const uint AnswersMax = 8;

    private const uint Idle = 0;
    private const uint MemoryStep = 1;
    private const uint FiguresStep = 2;
    private const uint FirstProgram = 3;

    private CoreReport _told;
    private CoreReport _coming;
    private uint _step;
    private uint _programs;
    private ulong _began;
    private ulong _moved;
    private bool _hasTold;

    /// <summary>Whether it has asked and not heard all.</summary>
    internal readonly bool IsAsking => _step != Idle;

    /// <summary>Begins, in memory that may be that of an earlier life.</summary>
    internal void Begin()
    {
        _step = Idle;
        _began = 0;
        _hasTold = false;
    }

    /// <summary>What was told, if that is not older than it may be.</summary>
    /// <param name="now">Microseconds.</param>
    /// <param name="ageMax">Microseconds.</param>
    /// <param name="facts">How the instance is.</param>
    /// <param name="programs">How many programs it has.</param>
    internal readonly bool TryRead(ulong now, ulong ageMax, out InstanceFacts facts, out uint programs)
    {
        bool isKnown = _hasTold && now - _told.Facts.Uptime <= ageMax;
        facts = isKnown ? _told.Facts : default;
        programs = isKnown ? _told.Programs : 0;
        return isKnown;
    }

    /// <summary>One of the programs that were told.</summary>
    internal readonly bool TryRead(uint place, ref ProgramName name, out ProgramFacts facts)
    {
        facts = default;
        if (!_hasTold || place >= _told.Programs)
        {
            return false;
        }

        name = _told.Places[(int)place].Name;
        facts = _told.Places[(int)place].Facts;
        return true;
    }

    /// <summary>Asks anew, unless it asks, or has begun to so lately.</summary>
    /// <param name="now">Microseconds.</param>
    /// <param name="period">Microseconds.</param>
    /// <param name="core">Whose agent it is.</param>
    /// <param name="programs">How many programs the system has.</param>
    /// <param name="agent">To that agent.</param>
    internal void Want(ulong now, ulong period, uint core, uint programs, in ChannelInquiry agent)
    {
        if (IsAsking || (_began != 0 && now - _began < period))
        {
            return;
        }

        _began = now;
        _moved = now;
        _programs = programs < SystemHeader.ProgramsMax ? programs : SystemHeader.ProgramsMax;
        _coming.Programs = 0;
        _coming.Facts = default;
        _coming.Facts.Core = core;
        _coming.Facts.Uptime = now;
        _step = agent.Begin() ? MemoryStep : Idle;
    }

    /// <summary>Takes what has come, and asks for the next.</summary>
    /// <param name="now">Microseconds.</param>
    /// <param name="inquiry">To the agent.</param>
    internal void GoOn(ulong now, in ChannelInquiry inquiry)
    {
        SystemClient<ChannelInquiry> agent = default;
        agent.Transport = inquiry;
        for (uint left = AnswersMax; left != 0 && IsAsking; left--)
        {
            CallResult result = Ask(ref agent);
            if (result == CallResult.Busy)
            {
                _step = now - _moved > Patience ? Idle : _step;
                return;
            }

            _moved = now;
            _step = result == CallResult.Ok ? _step + 1 : Idle;
            if (_step == FirstProgram + _programs)
            {
                Show();
            }
        }
    }

    private CallResult Ask(ref SystemClient<ChannelInquiry> agent) => _step switch
    {
        MemoryStep => agent.Memory(out _coming.Facts.FreeBytes, out _coming.Facts.MemoryBytes),
        FiguresStep => AskFigures(ref agent),
        _ => AskProgram(ref agent, _step - FirstProgram),
    };

    private CallResult AskFigures(ref SystemClient<ChannelInquiry> agent)
    {
        ref InstanceFacts facts = ref _coming.Facts;
        CallResult result = agent.Figures(
            out facts.SystemCalls, out facts.Switches, out facts.Interrupts, out facts.WakeUps, out facts.Slept, out _, out SystemAnswer answer);
        return result == CallResult.Ok && answer != SystemAnswer.Done ? CallResult.AnswerInvalid : result;
    }

    // Programs that the core does not have are others' to tell.
    private CallResult AskProgram(ref SystemClient<ChannelInquiry> agent, uint program)
    {
        ref ProgramReport report = ref _coming.Places[(int)_coming.Programs];
        report.Name = default;
        CallResult result = agent.Describe(
            program,
            Text.FieldOf(ref report.Name),
            out report.Facts.NameLength,
            out report.Facts.State,
            out report.Facts.Starts,
            out report.Facts.Priority,
            out report.Facts.MemoryBytes,
            out report.Facts.Ran,
            out report.Facts.SystemCalls,
            out SystemAnswer answer);
        if (result == CallResult.Ok && answer == SystemAnswer.Done && report.Facts.State != ProgramState.Elsewhere)
        {
            _coming.Programs++;
        }

        return result;
    }

    private void Show()
    {
        _told.Facts = _coming.Facts;
        _told.Programs = _coming.Programs;
        ReadOnlySpan<ProgramReport> programs = _coming.Places;
        programs.Slice(0, (int)_coming.Programs).CopyTo(_told.Places);
        _hasTold = true;
        _step = Idle;
    }
}
