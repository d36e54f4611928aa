using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Kernel.Tests.Abi;

/// <summary>Sizes and offsets that assembly, linker and other cores rely on.</summary>
public sealed unsafe class LayoutTests
{
    [Fact]
    public void SizesAreWhatTheContractSays()
    {
        Assert.Equal(56, sizeof(RingPayload));
        Assert.Equal(64, sizeof(RingSlot));
        Assert.Equal(64, sizeof(RingMessage));
        Assert.Equal(432, sizeof(TrapFrame));
        Assert.Equal(256, sizeof(VectorRegisters));
        Assert.Equal(128, sizeof(ImageInfo));
        Assert.Equal(20, sizeof(BuildId));
        Assert.Equal(4, sizeof(UnwindRow));
        Assert.Equal(32, sizeof(ApStartParameters));
    }

    [Fact]
    public void RingSlot_IsOneCacheLine_WithTheHeaderLast()
    {
        AssertOffsets<RingSlot>(("Payload", 0), ("Header", 56), ("Sequence", 56), ("Meta", 60));
        AssertOffsets<RingMessage>(("Payload", 0), ("Meta", 56), ("Reserved", 60));
        Assert.Equal(4096, RingSlot.PerPage * sizeof(RingSlot));
    }

    [Fact]
    public void RingSlot_HeaderIsSequenceLowMetaHigh()
    {
        RingSlot slot = default;
        slot.Header = 0x1122_3344_5566_7788;

        Assert.Equal(0x5566_7788u, slot.Sequence);
        Assert.Equal(0x1122_3344u, slot.Meta);
    }

    [Fact]
    public void RingPayload_IsSevenWordsInOrder() => AssertOffsets<RingPayload>(
        ("Word0", 0), ("Word1", 8), ("Word2", 16), ("Word3", 24), ("Word4", 32), ("Word5", 40), ("Word6", 48));

    /// <summary>
    /// The top is pushed by the CPU (Intel SDM Vol. 3A, "64-Bit Mode Stack Frame"): error code, RIP, CS, RFLAGS, RSP,
    /// SS.
    /// </summary>
    [Fact]
    public void TrapFrame_EndsWithWhatTheCpuPushes() => AssertOffsets<TrapFrame>(
        ("Ss", 432 - 8), ("Rsp", 432 - 16), ("Rflags", 432 - 24), ("Cs", 432 - 32), ("Rip", 432 - 40),
        ("ErrorCode", 432 - 48), ("Vector", 432 - 56));

    [Fact]
    public void TrapFrame_HoldsEachRegisterOnce()
    {
        string[] downwards =
            ["Rax", "Rbx", "Rcx", "Rdx", "Rsi", "Rdi", "Rbp", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"];

        AssertOffsets<TrapFrame>([("Xmm", 0), .. downwards.Select((name, i) => (name, 368 - (8 * i)))]);
        Assert.Equal(0, sizeof(TrapFrame) % 16);
    }

    [Fact]
    public void ImageInfo_Offsets() => AssertOffsets<ImageInfo>(
        ("Magic", 0), ("Version", 8), ("UnwindRowCount", 12), ("TextStart", 16), ("TextEnd", 24),
        ("ReadOnlyStart", 32), ("ReadOnlyEnd", 40), ("DataStart", 48), ("DataEnd", 56), ("DataFileBytes", 64),
        ("BootSegmentEnd", 72), ("ApStartCode", 80), ("ApStartCodeBytes", 88),
        ("UnwindTable", 96), ("BuildId", 104), ("BootCodeBytes", 124));

    [Fact]
    public void ImageInfo_MagicReadsAsText() => Assert.Equal(
        "ATOLLIMG"u8.ToArray(), BitConverter.GetBytes(ImageInfo.MagicValue));

    /// <summary>Bits 0 to 17, 18 to 20, 21 to 29 in words, 30 and 31, as the structure says.</summary>
    [Theory]
    [InlineData(0x3_FFFFu, UnwindRule.End, 0u, 0u, 0x0003_FFFFu)]
    [InlineData(0u, UnwindRule.FromTrapFrame, 0u, 0u, 0x000C_0000u)]
    [InlineData(0u, UnwindRule.FromPrologue, 0u, 0u, 0x0010_0000u)]
    [InlineData(0u, UnwindRule.End, 4088u, 0u, 0x3FE0_0000u)]
    [InlineData(0u, UnwindRule.End, 0u, 3u, 0xC000_0000u)]
    [InlineData(0x1_2345u, UnwindRule.FromStackPointer, 56u, 2u, 0x80E5_2345u)]
    public void UnwindRow_Bits(uint codeOffset, UnwindRule rule, uint cfaOffset, uint slot, uint word)
    {
        UnwindRow row = new(codeOffset, rule, cfaOffset, slot);

        Assert.Equal(word, row.Word);
        Assert.Equal((codeOffset, rule, cfaOffset, slot), (row.CodeOffset, row.Rule, row.CfaOffset, row.FramePointerSlot));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(4088, 3, true)]
    [InlineData(4096, 0, false)]
    [InlineData(12, 0, false)]
    [InlineData(-8, 0, false)]
    [InlineData(16, 4, false)]
    [InlineData(16, -1, false)]
    public void UnwindRow_SaysWhatItCanHold(long cfaOffset, long slot, bool canHold) =>
        Assert.Equal(canHold, UnwindRow.CanHold(cfaOffset, slot));

    [Fact]
    public void ApStartParameters_Offsets() => AssertOffsets<ApStartParameters>(
        ("StartTables", 0), ("Mode", 4), ("InstanceTables", 8), ("ApicId", 16), ("Reserved", 20), ("WaitUntilTsc", 24));

    [Fact]
    public void SharedLayouts_HoldNoReferences()
    {
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<RingSlot>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<TrapFrame>());
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<ImageInfo>());
    }

    private static void AssertOffsets<T>(params (string Field, int Offset)[] expected) =>
        Assert.Equal(expected, expected.Select(row => (row.Field, (int)Marshal.OffsetOf<T>(row.Field))));
}
