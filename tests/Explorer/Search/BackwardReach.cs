namespace Atoll.Explorer.Search;

/// <summary>Which states can reach one of a set.</summary>
public static class BackwardReach
{
    /// <summary>Walks the edges backwards.</summary>
    /// <param name="targets">The set.</param>
    /// <param name="edges">The graph.</param>
    /// <param name="stateCount">States, numbered from 0.</param>
    /// <returns>For each state, whether it reaches the set.</returns>
    public static bool[] From(IReadOnlyList<int> targets, IReadOnlyList<(int From, int To)> edges, int stateCount)
    {
        // Predecessors in one array, those of state n from starts[n] to starts[n + 1].
        int[] starts = new int[stateCount + 2];
        foreach ((_, int to) in edges)
        {
            starts[to + 2]++;
        }

        for (int state = 2; state < starts.Length; state++)
        {
            starts[state] += starts[state - 1];
        }

        int[] predecessors = new int[edges.Count];
        foreach ((int from, int to) in edges)
        {
            predecessors[starts[to + 1]++] = from;
        }

        bool[] reaches = new bool[stateCount];
        Stack<int> work = new(targets);
        while (work.TryPop(out int state))
        {
            if (reaches[state])
            {
                continue;
            }

            reaches[state] = true;
            for (int i = starts[state]; i < starts[state + 1]; i++)
            {
                work.Push(predecessors[i]);
            }
        }

        return reaches;
    }
}
