using System.Globalization;
using System.Text;
using Atoll.Console;
using Atoll.Kernel.Tests.Machine;
using FsCheck;
using FsCheck.Fluent;

namespace Atoll.Kernel.Tests.Console;

/// <summary>Numbers and text on the serial line, against the class library's formatting.</summary>
public sealed class SerialConsoleTests
{
    [Fact]
    public void Decimal_AgreesWithTheClassLibrary() => Prop.ForAll(
        Numbers(),
        value => Written(() => SerialConsole.Decimal(value)) == value.ToString(CultureInfo.InvariantCulture))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Hex_AgreesWithTheClassLibrary() => Prop.ForAll(
        Numbers(),
        value => Written(() => SerialConsole.Hex(value)) == "0x" + value.ToString("x", CultureInfo.InvariantCulture))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0UL, "0", "0x0")]
    [InlineData(9UL, "9", "0x9")]
    [InlineData(10UL, "10", "0xa")]
    [InlineData(16UL, "16", "0x10")]
    [InlineData(10_000_000_000_000_000_000UL, "10000000000000000000", "0x8ac7230489e80000")]
    [InlineData(ulong.MaxValue, "18446744073709551615", "0xffffffffffffffff")]
    public void Numbers_AtTheEnds(ulong value, string text, string hex)
    {
        Assert.Equal(text, Written(() => SerialConsole.Decimal(value)));
        Assert.Equal(hex, Written(() => SerialConsole.Hex(value)));
    }

    [Fact]
    public void Bytes_AreTwoDigitsEach() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes => Written(() => SerialConsole.HexBytes(bytes)) == Convert.ToHexStringLower(bytes))
        .QuickCheckThrowOnFailure();

    /// <summary>Text from outside cannot end a line, begin a record or speak to a terminal.</summary>
    [Fact]
    public void Untrusted_IsPrintableAsciiOnly()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        string written = Written(() => SerialConsole.Untrusted(all));

        Assert.Equal(256, written.Length);
        for (int value = 0; value < 256; value++)
        {
            Assert.Equal(value is >= ' ' and <= '~' ? (char)value : '?', written[value]);
        }
    }

    /// <summary>
    /// docs/serial.md: a name, then key=value pairs separated by one space; addresses with 0x, other numbers decimal.
    /// </summary>
    [Fact]
    public void Record_HasTheDocumentedForm() => Assert.Equal(
        "@name word=a number=7 address=0x1f bytes=00ff\n",
        Written(() =>
        {
            SerialRecord.Begin("name"u8);
            SerialRecord.Word("word"u8, "a"u8);
            SerialRecord.Number("number"u8, 7);
            SerialRecord.Address("address"u8, 31);
            SerialRecord.Bytes("bytes"u8, [0, 0xFF]);
            SerialRecord.End();
        }));

    /// <summary>The verdict is the last line; then the debug-exit port is written; then the core parks.</summary>
    [Theory]
    [InlineData(true, "@verdict result=pass\n", 0x10)]
    [InlineData(false, "@verdict result=fail reason=panic\n", 0x11)]
    public void Verdict_EndsTheRun(bool passes, string line, byte code)
    {
        var core = new SimulatedCore();
        using IDisposable scope = core.Use();

        Assert.Throws<ParkedException>(() =>
        {
            if (passes)
            {
                Verdict.Pass();
            }
            else
            {
                Verdict.Fail("panic"u8);
            }
        });
        Assert.Equal(line, core.Uart.Text);
        Assert.Equal(code, core.ExitCode);
    }

    private static Arbitrary<ulong> Numbers() => Gen.OneOf(
        ArbMap.Default.GeneratorFor<ulong>(),
        Gen.Choose(0, 63).Select(bit => 1UL << bit),
        Gen.Choose(0, 19).Select(power => (ulong)Math.Pow(10, power)),
        Gen.Choose(0, 63).Select(bit => ulong.MaxValue >> bit)).ToArbitrary();

    private static string Written(Action write)
    {
        var core = new SimulatedCore();
        using IDisposable scope = core.Use();
        write();
        return core.Uart.Text;
    }
}
