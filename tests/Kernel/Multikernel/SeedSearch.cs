namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>Runs a simulation with one seed after the other, until one fails.</summary>
internal static class SeedSearch
{
    /// <summary>Runs seeds 1, 2, 3 …</summary>
    /// <param name="seeds">How many.</param>
    /// <param name="run">The simulation.</param>
    /// <returns>null, or which seed failed and how.</returns>
    public static string? Run(int seeds, Action<Random> run)
    {
        for (int seed = 1; seed <= seeds; seed++)
        {
            try
            {
                run(new Random(seed));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return $"seed {seed}: {error.Message}";
            }
        }

        return null;
    }
}
