using Atoll.Arch;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>With the coordinator dead the deputy has the console, says so once, and ends the run as its parameters want (docs/serial.md).</summary>
public sealed class DeputyTests : IDisposable
{
    private const string Takes = "the coordinator is dead; this instance reports from now on";

    private readonly SimulatedInstance _instance = new(core: 1, new SimulatedCore { TscStep = 1000 });

    public void Dispose() => _instance.Dispose();

    private string[] Lines => _instance.Core.Uart.Lines;

    [Fact]
    public void WhoIsNoDeputy_SaysNothing()
    {
        _instance.RunOnCore(() =>
        {
            Deputy.CoordinatorDied(ref _instance.State);
            Deputy.Poll(ref _instance.State, isWorkDone: true);
        });

        Assert.Empty(Lines);
    }

    [Fact]
    public void Deputy_SaysOnceThatItReports()
    {
        _instance.State.Deputy.IsDeputy = true;

        _instance.RunOnCore(() =>
        {
            Deputy.CoordinatorDied(ref _instance.State);
            Deputy.CoordinatorDied(ref _instance.State);
        });

        Assert.Equal([Takes], Lines);
    }

    /// <summary>It reports when it has shown that it goes on, once; a run that is held ends with the key.</summary>
    [Theory]
    [InlineData(false, "@verdict result=fail reason=coordinator-died")]
    [InlineData(true, "@verdict result=pass")]
    public void RunThatIsHeld_EndsWithTheKey(bool expectsDeath, string verdict)
    {
        _instance.State.Deputy.IsDeputy = true;
        _instance.State.Deputy.ExpectsDeath = expectsDeath;
        _instance.State.Deputy.End = EndPolicy.Hold;
        _instance.RunOnCore(() =>
        {
            Deputy.CoordinatorDied(ref _instance.State);
            Deputy.Poll(ref _instance.State, isWorkDone: false);
        });
        Assert.Equal([Takes], Lines);

        _instance.RunOnCore(() =>
        {
            Deputy.Poll(ref _instance.State, isWorkDone: true);
            Deputy.Poll(ref _instance.State, isWorkDone: true);
        });
        Assert.StartsWith("@survivor core=1 ", Lines[1], StringComparison.Ordinal);
        Assert.Equal(["@hold"], Lines[2..]);

        _instance.Core.Uart.Received.Enqueue((byte)'q');
        Assert.Throws<ParkedException>(() => _instance.RunOnCore(() => Deputy.Poll(ref _instance.State, isWorkDone: true)));
        Assert.Equal(verdict, Lines[^1]);
    }
}
