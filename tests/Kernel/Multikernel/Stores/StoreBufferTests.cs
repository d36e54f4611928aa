using Atoll.Kernel.Tests.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Stores;

/// <summary>The store buffer is that of x86-TSO; the simulations pass over it, and miss every fence that is taken out.</summary>
public sealed unsafe class StoreBufferTests
{
    private const int CoresMost = 5;

    private static readonly DefectiveRooms s_rooms = BufferedRooms.Make();

    public static TheoryData<string> Defects => [.. StoreDefects.All.Select(defect => defect.Name)];

    /// <summary>Sewell et al., "x86-TSO", CACM 2010, example SB: each of two cores stores and loads what the other stored, and neither sees it; with a fence between one does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachStores_ThenLoadsTheOthers(bool hasFence)
    {
        ulong x = 0;
        ulong y = 0;
        StoreBuffer first = new();
        StoreBuffer second = new();
        first.Store(&x, 8, 1);
        second.Store(&y, 8, 1);
        if (hasFence)
        {
            first.Drain();
            second.Drain();
        }

        Assert.Equal(hasFence ? (1ul, 1ul) : (0ul, 0ul), (first.Load(&y, 8), second.Load(&x, 8)));
    }

    /// <summary>The same source, example n6: a core sees its own store before others do; stores reach memory in their order.</summary>
    [Fact]
    public void Core_SeesItsOwnStores_AndOthersSeeThemInOrder()
    {
        ulong x = 0;
        ulong y = 0;
        StoreBuffer buffer = new();
        buffer.Store(&x, 8, 1);
        buffer.Store(&y, 8, 1);
        buffer.Store(&x, 8, 2);
        Assert.Equal((2ul, 1ul, 0ul, 0ul), (buffer.Load(&x, 8), buffer.Load(&y, 8), x, y));

        List<(ulong X, ulong Y)> seen = [];
        Random random = new(1);
        while (!buffer.IsEmpty)
        {
            buffer.DrainSome(random);
            seen.Add((x, y));
        }

        Assert.All(seen, memory => Assert.Contains(memory, new[] { (0ul, 0ul), (1ul, 0ul), (1ul, 1ul), (2ul, 1ul) }));
        Assert.Equal((2ul, 1ul), seen[^1]);
    }

    /// <summary>A store of half a word lies over the whole, and the whole over a half.</summary>
    [Fact]
    public void Halves_AreSeenOverWhole()
    {
        ulong x = 0x1111_1111_2222_2222;
        StoreBuffer buffer = new();
        buffer.Store((uint*)&x + 1, 4, 0x3333_3333);
        Assert.Equal((0x3333_3333_2222_2222ul, 0x2222_2222ul, 0x3333_3333ul), (buffer.Load(&x, 8), buffer.Load(&x, 4), buffer.Load((uint*)&x + 1, 4)));
        buffer.Store(&x, 8, 0x4444_4444_5555_5555);
        Assert.Equal((0x5555_5555ul, 0x4444_4444ul), (buffer.Load(&x, 4), buffer.Load((uint*)&x + 1, 4)));
    }

    [Fact]
    public void SoundRooms_Pass() => Assert.Null(s_rooms.Run(defect: null, seeds: 15, CoresMost));

    [Theory]
    [MemberData(nameof(Defects))]
    public void FenceThatIsMissing_IsFound(string name)
    {
        PlantedDefect defect = StoreDefects.All.Single(one => one.Name == name);
        Assert.Null(s_rooms.Fault(defect));

        Assert.NotNull(s_rooms.Run(defect, seeds: 15, CoresMost));
    }
}
