using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Ascii = Atoll.Base.Ascii;

namespace Atoll.Kernel.Tests.Base;

/// <summary>Text from outside: decimal numbers against big integers, searches against the class library.</summary>
public sealed class AsciiTests
{
    [Theory]
    [InlineData("0", 0UL, 0UL)]
    [InlineData("007", 7UL, 7UL)]
    [InlineData("127", 127UL, 127UL)]
    [InlineData("18446744073709551615", ulong.MaxValue, ulong.MaxValue)]
    [InlineData("9", 9UL, 9UL)]
    [InlineData("3", 5UL, 3UL)]
    public void Decimal_UpToTheLimit(string text, ulong limit, ulong expected)
    {
        Assert.True(Parse(text, limit, out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("", ulong.MaxValue)]
    [InlineData(" 1", ulong.MaxValue)]
    [InlineData("1 ", ulong.MaxValue)]
    [InlineData("+1", ulong.MaxValue)]
    [InlineData("-1", ulong.MaxValue)]
    [InlineData("0x1", ulong.MaxValue)]
    [InlineData("1/", ulong.MaxValue)]
    [InlineData("1:", ulong.MaxValue)]
    [InlineData("128", 127UL)]
    [InlineData("10", 9UL)]
    [InlineData("8", 7UL)]
    [InlineData("18446744073709551616", ulong.MaxValue)]
    [InlineData("99999999999999999999999999", ulong.MaxValue)]
    public void NotADecimal_OrOverTheLimit(string text, ulong limit)
    {
        Assert.False(Parse(text, limit, out ulong value));
        Assert.Equal(0UL, value);
    }

    [Fact]
    public void Decimal_AgreesWithBigIntegers()
    {
        Gen<string> digits = Gen.Elements("0123456789".ToCharArray()).ArrayOf(22).Select(all => new string(all))
            .SelectMany(all => Gen.Choose(1, 22).Select(length => all[..length]));
        Gen<ulong> limits = Gen.OneOf(
            Gen.Choose(0, 300).Select(number => (ulong)number),
            Gen.Choose(0, 63).Select(bit => 1UL << bit),
            Gen.Choose(0, int.MaxValue).Select(less => ulong.MaxValue - (ulong)less));

        Prop.ForAll(
            digits.SelectMany(text => limits.Select(limit => (text, limit))).ToArbitrary(),
            input =>
            {
                BigInteger exact = BigInteger.Parse(input.text, System.Globalization.CultureInfo.InvariantCulture);
                bool accepted = Parse(input.text, input.limit, out ulong value);
                return accepted == (exact <= input.limit) && value == (accepted ? exact : 0);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void AnyBytes_AreADecimalOnlyWhenAllAreDigits() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes => !Ascii.TryParseDecimal(bytes, ulong.MaxValue, out _)
            || bytes.All(value => char.IsAsciiDigit((char)value))).QuickCheckThrowOnFailure();

    [Fact]
    public void Searches_AgreeWithSpans() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        ArbMap.Default.ArbFor<byte[]>(),
        (left, right) =>
            Ascii.AreEqual(left, right) == left.AsSpan().SequenceEqual(right)
            && Ascii.StartsWith(left, right) == left.AsSpan().StartsWith(right)
            && Ascii.StartsWith([.. left, .. right], left)
            && Ascii.AreEqual(left, (byte[])left.Clone())
            && left.All(sought => Ascii.IndexOf(left, sought) == left.AsSpan().IndexOf(sought))
            && Ascii.IndexOf(left, 0x80) == left.AsSpan().IndexOf((byte)0x80)).QuickCheckThrowOnFailure();

    private static bool Parse(string text, ulong limit, out ulong value) =>
        Ascii.TryParseDecimal(System.Text.Encoding.ASCII.GetBytes(text), limit, out value);
}
