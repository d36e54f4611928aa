using Atoll.TestVm.Scenarios;

namespace Atoll.Vm.Tests.Scenarios;

/// <summary>Machines are chosen as the user asks, and a shape's options choose exactly it again.</summary>
public sealed class VmShapeTests
{
    private static readonly VmShape[] s_shapes = [new(1), new(4), new(4) { Machine = "pc" }, new(7)];

    [Fact]
    public void NoRequest_TakesAll() => Assert.Equal(s_shapes, new VmShapeRequest().Choose(s_shapes));

    [Fact]
    public void Request_TakesWhatMatches() =>
        Assert.Equal([s_shapes[1], s_shapes[2]], new VmShapeRequest { Cores = 4 }.Choose(s_shapes));

    [Fact]
    public void RequestThatNothingMatches_MakesAShape() =>
        Assert.Equal([new VmShape(2) { MemoryMiB = 96 }], new VmShapeRequest { Cores = 2, MemoryMiB = 96 }.Choose(s_shapes));

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void ManyCores_CountInstructions(int cores, bool icount)
    {
        Assert.Equal(icount, new VmShape(cores).Icount);
        Assert.Equal(icount, Assert.Single(new VmShapeRequest { Cores = cores, MemoryMiB = 96 }.Choose(s_shapes)).Icount);
    }

    [Fact]
    public void Options_SelectTheShapeAgain() =>
        Assert.Equal("--cores 7 --memory 64 --machine q35 --icount --seed 3", (new VmShape(7) with { Seed = 3 }).Options);

    [Fact]
    public void Calls_AreChosenByTheirWay()
    {
        VmShape[] both = [new(1) { Calls = VmShape.QuickCalls }, new(1) { Calls = VmShape.LongCalls }];

        Assert.Equal(both, new VmShapeRequest { Cores = 1 }.Choose(both));
        Assert.Equal([both[1]], new VmShapeRequest { Calls = VmShape.LongCalls }.Choose(both));
        Assert.Equal(both.Select(shape => shape with { Cores = 3 }), new VmShapeRequest { Cores = 3 }.Choose(both));
        Assert.Equal("--cores 1 --memory 64 --machine q35 --calls long", both[1].Options);
        Assert.Empty(new VmShapeRequest { Calls = VmShape.LongCalls }.Choose(s_shapes));
    }

    [Fact]
    public void Catalog_HasNoTwoScenariosOfOneName() =>
        Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.Select(scenario => scenario.Name).Distinct().Count());

    [Fact]
    public void Catalog_HasNoTwoShapesOfOneKind() =>
        Assert.All(ScenarioCatalog.All, scenario =>
            Assert.Equal(scenario.Shapes.Count, scenario.Shapes.Select(shape => shape.Options).Distinct().Count()));
}
