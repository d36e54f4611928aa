using Atoll.Kernel.Tests.Machine;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>Programs that hold everything and pass whatever they like: no check of the kernel fails, and every invariant holds after
/// each call.</summary>
public sealed class HostileCallModelTests
{
    // One call of so many in a normal test; all of them in a long one.
    private const int SampleParts = 97;

    [Fact]
    public void AnyCall_LeavesTheKernelWhole() => CheckRandom(seeds: 40, steps: 300);

    [Fact]
    [Trait("Category", "Long")]
    public void AnyCall_LeavesTheKernelWhole_Long() => CheckRandom(seeds: 8000, steps: 400);

    [Fact]
    public void EveryWordInEveryPlace_LeavesTheKernelWhole_Sample() => CheckAll(part: 13, SampleParts);

    [Fact]
    [Trait("Category", "Long")]
    public void EveryWordInEveryPlace_LeavesTheKernelWhole() => CheckAll(part: 0, parts: 1);

    private static void CheckRandom(int seeds, int steps)
    {
        foreach (CallPath path in (CallPath[])[CallPath.Fast, CallPath.Long])
        {
            using var world = new KernelWorld(path);
            Seeds.ForEach(seeds, seed => Assert.Null(HostileRun.Run(world, seed.Next(), steps)), nameof(AnyCall_LeavesTheKernelWhole));
        }
    }

    private static void CheckAll(int part, int parts)
    {
        using var world = new KernelWorld(CallPath.Fast);
        Assert.Null(HostileRun.RunAll(world, part, parts));
    }
}
