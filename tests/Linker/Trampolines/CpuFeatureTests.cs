using System.Buffers.Binary;
using System.Text;
using Atoll.Linker.Trampolines;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>The feature table and what is printed when a feature is missing.</summary>
public class CpuFeatureTests
{
    private const uint Basic = 0x0000_0001;
    private const uint Extended = 0x8000_0001;
    private const uint Ecx = 2;
    private const uint Edx = 3;

    private readonly TrampolineImage _image = new();

    /// <summary>
    /// Intel SDM Vol. 2A, "CPUID", "Feature Information Returned in the ECX Register" and "… in the EDX Register", and
    /// "Extended Processor Signature and Feature Bits".
    /// </summary>
    [Theory]
    [InlineData("long-mode", Extended, Edx, 29)]
    [InlineData("nx", Extended, Edx, 20)]
    [InlineData("lahf-lm", Extended, Ecx, 0)]
    [InlineData("fpu", Basic, Edx, 0)]
    [InlineData("tsc", Basic, Edx, 4)]
    [InlineData("msr", Basic, Edx, 5)]
    [InlineData("pae", Basic, Edx, 6)]
    [InlineData("cx8", Basic, Edx, 8)]
    [InlineData("apic", Basic, Edx, 9)]
    [InlineData("pge", Basic, Edx, 13)]
    [InlineData("cmov", Basic, Edx, 15)]
    [InlineData("fxsr", Basic, Edx, 24)]
    [InlineData("sse", Basic, Edx, 25)]
    [InlineData("sse2", Basic, Edx, 26)]
    [InlineData("sse3", Basic, Ecx, 0)]
    [InlineData("ssse3", Basic, Ecx, 9)]
    [InlineData("cmpxchg16b", Basic, Ecx, 13)]
    [InlineData("sse4.1", Basic, Ecx, 19)]
    [InlineData("sse4.2", Basic, Ecx, 20)]
    [InlineData("popcnt", Basic, Ecx, 23)]
    public void Feature(string name, uint leaf, uint output, int bit) =>
        Assert.Equal((leaf, output, 1u << bit), Assert.Single(Rows(), row => row.Name == name).Value);

    [Fact]
    public void NothingElseIsAskedFor() => Assert.Equal(20, Rows().Count());

    [Fact]
    public void LongModeIsAskedForFirst() => Assert.Equal("long-mode", Rows().First().Name);

    [Fact]
    public void MessageIsTheOneOfTheContract()
    {
        string[] texts = Encoding.ASCII.GetString(_image.Emit("boot_messages")).Split('\0');
        Assert.Equal(
            "atoll: this CPU lacks NAME, or its firmware has turned it off, and the kernel is compiled for it; use a CPU with x86-64-v2 (QEMU: -cpu max)\n"
            + "@verdict result=fail reason=cpu-feature-NAME\n",
            string.Join("NAME", texts.SkipLast(1)));
        Assert.Equal("", texts[^1]);
    }

    [Fact]
    public void OffsetsAreBehindATerminator()
    {
        byte[] texts = _image.Emit("boot_messages");
        Assert.Equal(0, BootMessages.LacksOffset);
        Assert.Equal(0, texts[BootMessages.AdviceOffset - 1]);
        Assert.Equal((byte)',', texts[BootMessages.AdviceOffset]);
        Assert.Equal(0, texts[BootMessages.EndOffset - 1]);
        Assert.Equal((byte)'\n', texts[BootMessages.EndOffset]);
    }

    private IEnumerable<(string Name, (uint Leaf, uint Output, uint Mask) Value)> Rows()
    {
        byte[] table = _image.Emit("cpu_feature_table");
        for (int offset = 0; offset < CpuFeatureTable.RowsBytes; offset += 16)
        {
            int name = (int)(Word(offset + 12) - _image["cpu_feature_table"]);
            int length = Array.IndexOf(table, (byte)0, name) - name;
            yield return (
                Encoding.ASCII.GetString(table, name, length),
                (Word(offset), Word(offset + 4), Word(offset + 8)));
        }

        uint Word(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan(offset));
    }
}
