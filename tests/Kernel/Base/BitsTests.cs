using System.Numerics;
using Atoll.Base;
using FsCheck;
using FsCheck.Fluent;

namespace Atoll.Kernel.Tests.Base;

/// <summary>Rounding against big integers.</summary>
public sealed class BitsTests
{
    [Fact]
    public void Rounding_AgreesWithBigIntegers() => Prop.ForAll(
        ArbMap.Default.ArbFor<ulong>(),
        Gen.Choose(0, 62).ToArbitrary(),
        (value, shift) =>
        {
            ulong power = 1UL << shift;
            value &= ulong.MaxValue >> 1;
            BigInteger remainder = value % (BigInteger)power;
            BigInteger down = value - remainder;
            BigInteger up = remainder == 0 ? value : down + power;
            return Bits.AlignDown(value, power) == down && Bits.AlignUp(value, power) == up
                && Bits.IsAligned(value, power) == (remainder == 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rounding_AtTheEnds()
    {
        Assert.Equal(0UL, Bits.AlignUp(0, 4096));
        Assert.Equal(4096UL, Bits.AlignUp(1, 4096));
        Assert.Equal(0xFFFF_FFFF_FFFF_F000UL, Bits.AlignUp(0xFFFF_FFFF_FFFF_F000, 4096));
        Assert.Equal(0xFFFF_FFFF_FFFF_F000UL, Bits.AlignDown(ulong.MaxValue, 4096));
    }
}
