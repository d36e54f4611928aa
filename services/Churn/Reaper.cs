using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Churn;

/// <summary>Ends the coordinator's life at random moments. It has a higher priority: whatever the coordinator is doing then, it does not finish.</summary>
internal static class Reaper
{
    private const ulong LeastMicroseconds = 200;
    private const uint SpreadMicroseconds = 1_000;

    /// <summary>For ever.</summary>
    /// <param name="coordinator">Whose.</param>
    /// <param name="clock">Wakes it.</param>
    /// <param name="random">When.</param>
    internal static void Run(in CoordinatorProcess coordinator, ClockClient clock, RandomNumbers random)
    {
        while (clock.Sleep(LeastMicroseconds + random.Below(SpreadMicroseconds)) == CallResult.Ok && coordinator.TryRestart())
        {
            // Until somebody takes the program away.
        }
    }
}
