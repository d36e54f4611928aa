using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>The list of cores is a bounded ordered set.</summary>
public sealed class CoreListTests
{
    [Fact]
    public void Add_KeepsOrder_AndRefusesDuplicates()
    {
        CoreList cores = default;

        Assert.True(cores.TryAdd(7));
        Assert.True(cores.TryAdd(3));
        Assert.False(cores.TryAdd(7));
        Assert.Equal((2, 7u, 3u), (cores.Count, cores.ApicId(0), cores.ApicId(1)));
        Assert.Equal(0, cores.Omitted);
    }

    /// <summary>In any order, again and again: each once, in the order in which it came first.</summary>
    [Fact]
    public void AnyOrder_ListsEachOnce() => Seeds.ForEach(100, random =>
    {
        CoreList cores = default;
        List<uint> oracle = [];
        for (int i = 0; i < 60; i++)
        {
            uint id = (uint)random.Next(30);
            Assert.Equal(!oracle.Contains(id), cores.TryAdd(id));
            oracle = [.. oracle.Append(id).Distinct()];
        }

        Assert.Equal(oracle, Enumerable.Range(0, cores.Count).Select(cores.ApicId));
    });

    [Fact]
    public void FullList_CountsWhatItLeavesOut()
    {
        CoreList cores = default;
        for (uint id = 0; id < 257; id++)
        {
            Assert.Equal(id < 255, cores.TryAdd(id));
        }

        Assert.False(cores.TryAdd(5));
        Assert.Equal((255, 2), (cores.Count, cores.Omitted));
        cores.Clear();
        Assert.Equal((0, 0), (cores.Count, cores.Omitted));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(9, 3)]
    public void Truncate_NeverGrows(int count, int expected)
    {
        CoreList cores = default;
        cores.TryAdd(1);
        cores.TryAdd(2);
        cores.TryAdd(3);

        cores.Truncate(count);

        Assert.Equal(expected, cores.Count);
    }
}
