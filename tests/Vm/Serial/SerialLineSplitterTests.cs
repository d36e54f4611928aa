using System.Text;
using Atoll.TestVm.Serial;

namespace Atoll.Vm.Tests.Serial;

/// <summary>The raw stream becomes lines that are safe to print.</summary>
public sealed class SerialLineSplitterTests
{
    private readonly SerialLineSplitter _splitter = new();

    [Fact]
    public void Line_MayComeInPieces()
    {
        Assert.Empty(Add("@ho"));
        Assert.Equal(["@hold", "next"], Add("ld\r\nnext\nre"));
        Assert.Equal("re", _splitter.Take());
    }

    [Fact]
    public void Garbage_BecomesQuestionMarks() =>
        Assert.Equal(["a????b c"], _splitter.Add([(byte)'a', 0x00, 0x1B, 0x80, 0xFF, (byte)'b', 0x09, (byte)'c', 0x0A]));

    [Fact]
    public void EndlessLine_IsCut()
    {
        Assert.Empty(Add(new string('x', SerialLineSplitter.LineLengthMax + 1000)));
        Assert.Equal(SerialLineSplitter.LineLengthMax, Assert.Single(Add("\n")).Length);
    }

    private IReadOnlyList<string> Add(string text) => _splitter.Add(Encoding.ASCII.GetBytes(text));
}
