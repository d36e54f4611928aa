namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>Makes a run that fails short: fewer cores, fewer faults, fewer steps, as long as it fails.</summary>
/// <remarks>
/// Another size is another order of turns, so what is found may be another way to the same mistake, or another mistake: the message of the short run is told with it.
/// </remarks>
internal static class Shrinking
{
    /// <summary>Runs that are tried at most.</summary>
    public const int TriesMost = 60;

    /// <summary>Shrinks.</summary>
    /// <param name="failing">A run that fails.</param>
    /// <param name="fails">Whether a run fails.</param>
    /// <returns>The shortest that was found to fail: no shorter neighbour of it does, unless the tries were used up.</returns>
    public static SimulationOptions Shrink(SimulationOptions failing, Func<SimulationOptions, bool> fails)
    {
        int tries = TriesMost;
        while (true)
        {
            SimulationOptions? shorter = Candidates(failing).TakeWhile(_ => tries-- > 0).FirstOrDefault(fails);
            if (shorter is null)
            {
                return failing;
            }

            failing = shorter;
        }
    }

    // The greatest leap first.
    private static IEnumerable<SimulationOptions> Candidates(SimulationOptions longer)
    {
        foreach (int cores in Smaller(longer.Cores, SimulationOptions.CoresLeast))
        {
            yield return longer with { Cores = cores };
        }

        foreach (int faults in Smaller(longer.Faults, longer.Kind == SimulationKind.Hangs ? 1 : 0))
        {
            yield return longer with { Faults = faults };
        }

        foreach (int steps in Smaller(longer.Steps, 1))
        {
            yield return longer with { Steps = steps };
        }
    }

    private static IEnumerable<int> Smaller(int value, int least) =>
        new[] { least, least + ((value - least) / 2), value - 1 }.Where(smaller => smaller >= least && smaller < value).Distinct();
}
