using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Multikernel.Hangs;

/// <summary>Whole simulated machines whose members hang.</summary>
public sealed class HangTests
{
    [Fact]
    public void Hangs_AreFenced_AndNobodyElseIs() => Seeds.ForEach(25, random => HangRun.Run(random, hangs: 4));
}
