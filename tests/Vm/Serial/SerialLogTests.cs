using Atoll.TestVm.Serial;

namespace Atoll.Vm.Tests.Serial;

/// <summary>Waiting for what a guest says.</summary>
public sealed class SerialLogTests
{
    [Fact]
    public void Record_ThatIsThere_IsReturnedAtOnce()
    {
        var log = new SerialLog();
        log.Add("@hold");

        Assert.NotNull(log.WaitFor("hold", TimeSpan.Zero));
    }

    [Fact]
    public async Task Record_ThatComesLater_IsWaitedFor()
    {
        var log = new SerialLog();
        Task<SerialRecord?> waiting = Task.Run(() => log.WaitFor("hold", TimeSpan.FromSeconds(30)));
        log.Add("people read this");
        log.Add("@hold");

        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task EndOfStream_EndsTheWait()
    {
        var log = new SerialLog();
        Task<SerialRecord?> waiting = Task.Run(() => log.WaitFor("hold", TimeSpan.FromSeconds(30)));
        log.End();

        Assert.Null(await waiting);
    }

    [Fact]
    public void EndOfTime_EndsTheWait() => Assert.Null(new SerialLog().WaitFor("hold", TimeSpan.FromMilliseconds(10)));
}
