using Atoll.Http.Tests.Checks;

namespace Atoll.Http.Tests.Defects;

/// <summary>Who looks for a defect.</summary>
public enum DefectFinder
{
    /// <summary>Requests of the RFCs.</summary>
    Vectors,

    /// <summary>The same in pieces.</summary>
    Pieces,

    /// <summary>Random pipelines.</summary>
    Pipelines,

    /// <summary>Requests with mistakes.</summary>
    Mutations,

    /// <summary>Slow clients.</summary>
    Times,
}

/// <summary>Looks for a defect. Compiled once with the tests, and once with each defective server.</summary>
public static class DefectProbe
{
    /// <summary>What a finder finds, or null.</summary>
    public static string? Run(int finder)
    {
        try
        {
            return (DefectFinder)finder switch
            {
                DefectFinder.Vectors => VectorCheck.All(),
                DefectFinder.Pieces => First(Vectors.All.Count, index => VectorCheck.Pieces(Vectors.All[index])),
                DefectFinder.Pipelines => First(40, seed => new PipelineCheck(seed).Run()),
                DefectFinder.Mutations => First(20, seed => new MutationCheck(seed).Run(1000)),
                _ => TimeCheck.All(),
            };
        }
        catch (Exception error)
        {
            // Whatever a defect makes the server or the reader throw, it has been found.
            return error.Message;
        }
    }

    private static string? First(int count, Func<int, string?> check) =>
        Enumerable.Range(0, count).Select(check).FirstOrDefault(wrong => wrong is not null);
}
