using Atoll.Cli.Terminal;
using Atoll.TestVm.Scenarios;

namespace Atoll.Cli.Tests.Terminal;

/// <summary>A scenario's machines are listed with each kind of machine named once.</summary>
public sealed class ShapeListTests
{
    [Fact]
    public void EachKindOfMachine_IsNamedOnce() => Assert.Equal(
        "q35: 1/2/4 cores, 8 cores (long); q35 with icount: 64 cores with 128 MiB; pc: 1 core",
        ShapeList.Text(
        [
            new(1), new(2), new(64) { MemoryMiB = 128 }, new(4), new(1) { Machine = "pc" }, new(8) { Icount = false, IsLong = true }, new(2),
        ]));

    [Fact]
    public void NoScenario_NamesAKindTwice() => Assert.All(
        ScenarioCatalog.All,
        scenario =>
        {
            string[] kinds = [.. ShapeList.Text(scenario.Shapes).Split("; ").Select(part => part.Split(':')[0])];
            Assert.Equal(kinds.Distinct(), kinds);
        });
}
