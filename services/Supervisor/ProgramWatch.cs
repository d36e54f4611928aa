using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Supervisor;

/// <summary>Misses the program that the system names: one that has memory in common with the supervisor, changes a number there once a second, and no longer does.</summary>
/// <remarks>Nobody is asked, and nobody can say it of another: the program itself is the only one that writes there. <c>watched={net}</c> in the supervisor's arguments.</remarks>
public struct ProgramWatch
{
    private MemoryRegion _page;
    private Silence _silence;
    private ulong _second;
    private ulong _nextLook;
    private uint _program;
    private bool _isGiven;

    /// <summary>When it looks next.</summary>
    public readonly ulong NextDeadline => _isGiven ? _nextLook : Deadline.Never;

    /// <summary>Begins.</summary>
    /// <param name="arguments">What the system says to the supervisor.</param>
    /// <param name="page">Memory in common with the program; empty: nobody is missed.</param>
    /// <param name="second">Ticks of the time-stamp counter in a second.</param>
    public static ProgramWatch Of(ReadOnlySpan<byte> arguments, MemoryRegion page, ulong second)
    {
        ProgramWatch watch = default;
        ArgumentReader reader = new(arguments);
        while (!watch._isGiven && page.Length != 0 && reader.TryNext(out ReadOnlySpan<byte> key, out ulong badge))
        {
            watch._isGiven = badge != 0 && Text.AreEqual(key, "watched"u8);
            watch._program = (uint)badge - 1;
        }

        watch._page = page;
        watch._second = second;
        return watch;
    }

    /// <summary>Looks, when a second is over.</summary>
    /// <param name="now">Now, in ticks.</param>
    /// <param name="system">Slot of the channel to who knows whether the program runs: one that does not is not missed.</param>
    /// <param name="program">Position of the program.</param>
    /// <returns>Whether it hangs.</returns>
    public bool Misses(ulong now, uint system, out uint program)
    {
        program = _program;
        if (!_isGiven || now < _nextLook)
        {
            return false;
        }

        _nextLook = now + _second;
        _silence.Look(BeatPage.Beat(_page));
        if (_silence.Looks < Silence.LooksMax)
        {
            return false;
        }

        _silence.Forgive();
        return Runs(system);
    }

    private readonly bool Runs(uint system)
    {
        ProgramName name = default;
        CallResult asked = new SystemClient(system).Describe(
            _program, Text.FieldOf(ref name), out _, out ProgramState state, out _, out _, out _, out _, out _, out SystemAnswer answer);
        return asked == CallResult.Ok && answer == SystemAnswer.Done && state == ProgramState.Running;
    }
}
