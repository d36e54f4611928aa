namespace Atoll.Kernel.Tests.Multikernel.Separation;

/// <summary>Boots machines of different sizes with the product's coordinator, and compares what their instances hold at their first instruction.</summary>
public static class SeparationRun
{
    private const int CoresLeast = 2;

    /// <summary>Compares the smallest machine that has a member with a big one.</summary>
    /// <param name="seeds">Orders of turns to try.</param>
    /// <param name="steps">Cores of the big machine.</param>
    /// <returns>null, or the seed and the first difference.</returns>
    public static string? RunMany(int seeds, int steps)
    {
        for (int seed = 1; seed <= seeds; seed++)
        {
            string? difference = Compare(seed, [CoresLeast, steps]);
            if (difference is not null)
            {
                return $"seed {seed}: {difference}";
            }
        }

        return null;
    }

    /// <summary>Compares the first and the last member of each machine with the first member of the first.</summary>
    /// <param name="seed">Decides the order of turns.</param>
    /// <param name="sizes">Cores of the machines.</param>
    /// <returns>null, or the first difference.</returns>
    internal static string? Compare(int seed, int[] sizes)
    {
        ulong[]? expected = null;
        foreach (int cores in sizes)
        {
            foreach ((uint core, ulong[] holdings) in Boot(seed, cores))
            {
                expected ??= holdings;
                string? difference = Holdings.Difference(expected, holdings);
                if (difference is not null)
                {
                    return $"core 1 of {sizes[0]} and core {core} of {cores}: {difference}";
                }
            }
        }

        return null;
    }

    private static List<(uint Core, ulong[] Holdings)> Boot(int seed, int cores)
    {
        List<(uint Core, ulong[] Holdings)> found = [];
        using var machine = new SimulatedMultikernel(cores, new Random(seed), "workload=none end=pass", x2Apic: cores > byte.MaxValue) { TicksMax = ulong.MaxValue };
        machine.Entering = (core, plan) =>
        {
            if (core == 1 || core == cores - 1)
            {
                found.Add((core, Holdings.Of(machine, plan)));
            }
        };
        machine.Run();
        return found;
    }
}
