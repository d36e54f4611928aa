using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Untyped memory that is made zero before another instance gets it.</summary>
public sealed unsafe class UntypedResetTests : IDisposable
{
    private const byte SizeBits = 18;
    private const ulong Bytes = 1UL << SizeBits;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(3 * Bytes), (nuint)Bytes);
    private CapabilitySlot _untyped;

    public UntypedResetTests()
    {
        NativeMemory.Fill(_memory, (nuint)(3 * Bytes), 0xCC);
        _untyped.Type = CapabilityType.Untyped;
        _untyped.SizeBits = SizeBits;
        _untyped.Object = (ulong)(_memory + Bytes);
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    /// <summary>All of it and nothing beside it, a bounded part each time.</summary>
    [Fact]
    public void Clear_ZeroesAll_ABoundedPartAtATime()
    {
        ulong calls = 1;
        while (UntypedReset.Clear(ref _untyped).Result == SystemResult.Again)
        {
            Assert.Equal(Limits.ClearedBytesMax * calls, CountZeros());
            calls++;
        }

        Assert.Equal((Bytes / Limits.ClearedBytesMax, Bytes, 0ul, Bytes), (calls, CountZeros(), _untyped.Watermark, _untyped.ZeroedEnd));
        Assert.Equal((0xCC, 0xCC), (_memory[Bytes - 1], _memory[2 * Bytes]));
    }

    /// <summary>Memory that was used is zeroed from its beginning, whatever was known of it before; what is known to be zero is not zeroed twice.</summary>
    [Theory]
    [InlineData(64ul, Bytes, Bytes)]
    [InlineData(0ul, Bytes, 0ul)]
    [InlineData(0ul, Bytes - 64, 64ul)]
    public void Clear_BeginsWhereMemoryMayBeUsed(ulong watermark, ulong zeroedEnd, ulong zeroed)
    {
        (_untyped.Watermark, _untyped.ZeroedEnd) = (watermark, zeroedEnd);
        while (UntypedReset.Clear(ref _untyped).Result == SystemResult.Again)
        {
        }

        Assert.Equal((zeroed, Bytes), (CountZeros(), _untyped.ZeroedEnd));
    }

    /// <summary>What something is made of stays as it is.</summary>
    [Fact]
    public void Clear_OfMemoryThatIsUsed_IsRefused()
    {
        _untyped.FirstChild = RootCapabilities.SlotsAt((ulong)_memory);
        _untyped.Watermark = 64;

        Assert.Equal(SystemResult.HasChildren, UntypedReset.Clear(ref _untyped).Result);
        Assert.Equal((0ul, 64ul), (CountZeros(), _untyped.Watermark));
    }

    private ulong CountZeros()
    {
        ulong zeros = 0;
        foreach (byte one in new ReadOnlySpan<byte>(_memory + Bytes, (int)Bytes))
        {
            zeros += one == 0 ? 1UL : 0;
        }

        return zeros;
    }
}
