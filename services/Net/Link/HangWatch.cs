using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>Misses a driver that hangs: the number that it changes each second stays the same. Whoever supervises it is told, and starts it again by its policy.</summary>
public struct HangWatch
{
    private Silence _silence;

    /// <summary>A driver begins.</summary>
    public void Begin() => this = default;

    /// <summary>Looks, and tells the supervisor of a driver that hangs: once, and again if nothing comes of it.</summary>
    /// <param name="beat">The driver's number.</param>
    /// <param name="watch">Slot of the channel to the supervisor; 0: nobody is told.</param>
    /// <param name="driver">The driver's badge; 0: the stack was not told which program it is.</param>
    /// <param name="patience">Ticks that the supervisor may take.</param>
    public void Look(ulong beat, uint watch, ulong driver, ulong patience)
    {
        _silence.Look(beat);
        if (_silence.Looks >= Silence.LooksMax && watch != 0 && driver != 0 && IsTold(watch, (uint)driver - 1, patience))
        {
            _silence.Forgive();
        }
    }

    private static bool IsTold(uint watch, uint program, ulong patience) =>
        new WatchClient(watch, Ipc.Now() + patience).Hangs(program, out _, out bool isHeard) == CallResult.Ok && isHeard;
}
