using Atoll.Kernel.Tests.Cap.Model;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>
/// Random sequences of all capability operations against a reference model: same answers, same slots, same
/// derivations, same pages;
/// nothing overlaps, memory is conserved and zero when it is handed out, no translation is stale.
/// </summary>
public sealed class CapabilityModelTests
{
    [Fact]
    public void EverySequence_DoesWhatTheModelDoes() => Check(seeds: 24, steps: 400);

    [Fact]
    [Trait("Category", "Long")]
    public void EverySequence_DoesWhatTheModelDoes_Long() => Check(seeds: 1500, steps: 2000);

    private static void Check(int seeds, int steps)
    {
        using var world = new CapabilityWorld();
        Seeds.ForEach(
            seeds,
            seed => Assert.Null(ModelRun.Run(world, seed.Next(), steps)),
            nameof(EverySequence_DoesWhatTheModelDoes));
    }
}
