using System.Text;
using Atoll.Cli.Running;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Tests.Running;

/// <summary>Records are the host's, everything else reaches the terminal unchanged, whatever the pieces in which it comes.</summary>
public sealed class ConsoleFilterTests
{
    private const string Stream = "hello\r\n@boot phase=linked tsc=5\r\n$ ls @home\x1B[K\r\n@fault program=a rip=0x10\r\n$ ";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void RecordsAreTakenOut(int piece)
    {
        (string text, IReadOnlyList<SerialRecord> records) = Filter(Stream, piece);

        Assert.Equal("hello\r\n$ ls @home\x1B[K\r\n$ ", text);
        Assert.Equal(["boot", "fault"], records.Select(record => record.Name));
    }

    [Fact]
    public void BytesThatAreNoTextArePassedOn()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        List<byte> shown = [];

        new ConsoleFilter(text => shown.AddRange(text.Span), _ => Assert.Fail("no record")).Add(all);

        Assert.Equal(all, shown);
    }

    [Fact]
    public void PromptIsShownBeforeItsLineEnds()
    {
        List<string> shown = [];
        ConsoleFilter filter = new(text => shown.Add(Encoding.ASCII.GetString(text.Span)), _ => { });

        filter.Add("$ "u8.ToArray());

        Assert.Equal(["$ "], shown);
    }

    [Theory]
    [InlineData("@not a record\n")]
    [InlineData("@\n")]
    [InlineData("@fault a=1 a=2\n")]
    public void LineThatOnlyLooksLikeARecordIsShown(string line)
    {
        (string text, IReadOnlyList<SerialRecord> records) = Filter(line, 3);

        Assert.Equal((line, 0), (text, records.Count));
    }

    [Fact]
    public void RecordThatNeverEndsIsShownInTheEnd()
    {
        Assert.Equal("@verdict resu", Filter("@verdict resu", 4).Text);
        string endless = "@" + new string('x', 10_000);
        Assert.Equal(endless, Filter(endless, 100).Text);
    }

    private static (string Text, IReadOnlyList<SerialRecord> Records) Filter(string stream, int piece)
    {
        StringBuilder shown = new();
        List<SerialRecord> records = [];
        ConsoleFilter filter = new(text => shown.Append(Encoding.Latin1.GetString(text.Span)), records.Add);
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        for (int at = 0; at < bytes.Length; at += piece)
        {
            filter.Add(bytes.AsMemory(at, int.Min(piece, bytes.Length - at)));
        }

        filter.End();
        return (shown.ToString(), records);
    }
}
