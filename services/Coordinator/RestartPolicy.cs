namespace Atoll.Services.Coordinator;

/// <summary>How often a core whose instance has died is started again: so many times in a window of time, which begins with its first restart.</summary>
/// <param name="restarts">Restarts in each window; 0: none ever.</param>
/// <param name="windowSeconds">Length of a window.</param>
public readonly struct RestartPolicy(uint restarts, uint windowSeconds)
{
    /// <summary>Takes one restart, if there is one left.</summary>
    /// <param name="note">What the coordinator knows of the core.</param>
    /// <param name="now">Seconds since the machine was started.</param>
    /// <returns>False when the budget is spent: the core stays as it is.</returns>
    public bool TryTake(ref CoreNote note, uint now)
    {
        if (restarts == 0)
        {
            return false;
        }

        if (note.Taken == 0 || now >= note.WindowEnd)
        {
            note.WindowEnd = now + windowSeconds;
            note.Taken = 0;
        }

        bool isLeft = note.Taken < restarts;
        note.Taken += isLeft ? 1u : 0;
        return isLeft;
    }

    /// <summary>Restarts that are left now.</summary>
    public uint Left(ref readonly CoreNote note, uint now) =>
        note.Taken == 0 || now >= note.WindowEnd ? restarts : note.Taken < restarts ? restarts - note.Taken : 0;
}
