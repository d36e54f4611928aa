using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>
/// Random programs against a reference model: the same threads run and wait, in the same order, with the same messages; budgets are
/// conserved tick by tick; every
/// caller has one answer; nobody who could run is forgotten, and nothing points to what is gone.
/// </summary>
public abstract class KernelModelTests(CallPath path)
{
    [Fact]
    public void EveryProgram_DoesWhatTheModelDoes() => Check(seeds: 60, steps: 300);

    [Fact]
    [Trait("Category", "Long")]
    public void EveryProgram_DoesWhatTheModelDoes_Long() => Check(seeds: 4000, steps: 500);

    private void Check(int seeds, int steps)
    {
        using var world = new KernelWorld(path);
        Seeds.ForEach(seeds, seed => Assert.Null(KernelRun.Run(world, seed.Next(), steps)),
            $"{GetType().Name}.{nameof(EveryProgram_DoesWhatTheModelDoes)}");
        Assert.Equal(path == CallPath.Fast, world.FastCalls > 0);
    }
}

/// <summary>As in the product.</summary>
public sealed class KernelFastModelTests() : KernelModelTests(CallPath.Fast);

/// <summary>Every call takes the long way.</summary>
public sealed class KernelLongModelTests() : KernelModelTests(CallPath.Long);
