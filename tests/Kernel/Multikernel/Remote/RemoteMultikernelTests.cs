using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Capabilities that cross between whole simulated machines' instances, in random orders of turns, with deaths.</summary>
public sealed class RemoteMultikernelTests
{
    private const int Steps = 600;

    [Fact]
    public void Capabilities_AgreeAtHomeAndHolder_WhoeverRevokesOrDies() => Seeds.ForEach(60, random => RemoteRun.Run(random, Steps));
}
