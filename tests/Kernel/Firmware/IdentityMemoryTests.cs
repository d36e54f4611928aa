using Atoll.Firmware;

namespace Atoll.Kernel.Tests.Firmware;

/// <summary>What the boot tables map can be viewed, and nothing else. Nothing is read here.</summary>
public sealed class IdentityMemoryTests
{
    [Theory]
    [InlineData(0x1000ul, 64, true)]
    [InlineData(0x1001ul, 1, true)]
    [InlineData((4ul << 30) - 1, 1, true)]
    [InlineData((4ul << 30) - 1, 2, false)]
    [InlineData(4ul << 30, 0, false)]
    [InlineData(0ul, 1, false)]
    [InlineData(ulong.MaxValue, 1, false)]
    [InlineData(1ul, -2, false)]
    [InlineData(0x1000ul, int.MinValue, false)]
    public void TryView_ReachesTheFirstFourGibibytes(ulong physical, int length, bool expected)
    {
        Assert.Equal(expected, default(IdentityMemory).TryView(physical, length, out ReadOnlySpan<byte> view));
        Assert.Equal(expected ? length : 0, view.Length);
    }
}
