using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Kernel.Tests.Base;

/// <summary>A check that fails ends the instance: on the host, the test.</summary>
public sealed class CheckTests
{
    [Fact]
    public void FalseEndsTheInstance() => Assert.Throws<CheckFailedException>(() => Check.That(false));

    [Fact]
    public void TrueGoesOn() => Check.That(true);
}
