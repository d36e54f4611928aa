using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Capabilities that cross between whole simulated machines' instances, in random orders of turns, with deaths.</summary>
public sealed class RemoteMultikernelTests
{
    private const int Steps = 600;

    [Fact]
    public void Capabilities_AgreeAtHomeAndHolder_WhoeverRevokesOrDies() => Seeds.ForEach(60, random => RemoteRun.Run(random, Steps));

    /// <summary>Nobody makes links any more: what is given on to a core without one ends, and no kernel goes on asking for it.</summary>
    [Fact]
    public void FirstCoreDies_AndAllCalmsDown() =>
        Seeds.ForEach(60, random => _ = RemoteRun.Run(random, Steps, cores: random.Next(3, 6), kills: 0, killsFirst: true));
}
