using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Trampolines.UserMode;

namespace Atoll.Linker.Tests.Dwarf;

public sealed class CallFrameTests
{
    /// <summary>def_cfa rsp, 8; offset rip, 1: what every function begins with.</summary>
    private static readonly CommonFrame s_common = new(1, -8, 16, false, new byte[] { 0x0C, 7, 8, 0x90, 1 });

    [Fact]
    public void ProloguesRowsAreThoseOfTheInstructions()
    {
        // push rbp; mov rbp, rsp; …; leave: see DebugObject.
        Assert.Equal(
            [
                new(0, UnwindRule.FromStackPointer, 8, 0),
                new(1, UnwindRule.FromStackPointer, 16, 2),
                new(4, UnwindRule.FromFramePointer, 16, 2),
                new(15, UnwindRule.FromStackPointer, 8, 2),
            ],
            Run([0x41, 0x0E, 16, 0x86, 2, 0x43, 0x0D, 6, 0x4B, 0x0C, 7, 8]));
    }

    [Fact]
    public void RowsThatSayTheSameAreOne() =>
        // push r15 (CFA + 24), then registers that a backtrace does not need.
        Assert.Equal(
            [new(0, UnwindRule.FromStackPointer, 8, 0), new(2, UnwindRule.FromStackPointer, 24, 0)],
            Run([0x42, 0x0E, 24, 0x41, 0x8F, 3, 0x41, 0x83, 4, 0, 0]));

    [Fact]
    public void RememberedStateComesBack() =>
        Assert.Equal(
            [8, 32, 8, 32],
            Run([0x41, 0x0E, 32, 0x0A, 0x41, 0x0E, 8, 0x41, 0x0B])!.Select(row => row.CfaOffset));

    [Fact]
    public void AllWidthsOfAdvanceAreKnown() =>
        Assert.Equal(
            [0, 1, 3, 6, 10],
            Run([0x41, 0x0E, 9, 0x02, 2, 0x0E, 10, 0x03, 3, 0, 0x0E, 11, 0x04, 4, 0, 0, 0, 0x0E, 12])!
                .Select(row => row.CodeOffset));

    [Fact]
    public void SignedFormsAreFactored() =>
        // def_cfa_sf rbp, -3 (× -8); offset_extended_sf rbp, 2 (× -8).
        Assert.Equal([new(0, UnwindRule.FromFramePointer, 24, 2)], Run([0x12, 6, 0x7D, 0x11, 6, 2]));

    [Fact]
    public void FrameThatNoRowCanSayEndsTheWalk()
    {
        // CFA from RBX; CFA 70 000 bytes away.
        Assert.Equal(UnwindRule.End, Run([0x0C, 3, 8])![0].Rule);
        Assert.Equal(UnwindRule.End, Run([0x0E, 0xF0, 0xA2, 0x04])![0].Rule);
    }

    [Theory]
    [InlineData(new byte[] { 0x3F })] // unknown
    [InlineData(new byte[] { 0x0E })] // operand missing
    [InlineData(new byte[] { 0x0B })] // nothing remembered
    [InlineData(new byte[] { 0x04, 0, 1, 0, 0 })] // beyond the function
    public void DamagedInstructionsAreRefused(byte[] instructions) => Assert.Null(Run(instructions));

    /// <summary>Rows by hand for the functions of <see cref="DebugObject"/>; the one without information ends the
    /// walk.</summary>
    [Fact]
    public void UnwindTableIsThatOfKeptFunctions()
    {
        LinkedImage image = LinkedImage.Of(DebugObject.Sample());
        ulong info = image.AddressOf("image_info");
        int count = (int)BinaryPrimitives.ReadUInt32LittleEndian(image.At(info + 12, 4));
        ReadOnlySpan<byte> table = image.At(image.AddressOf("unwind_table"), 4 * count);

        // The push is told by the code.
        const UnwindRule rsp = UnwindRule.FromStackPointer;
        const UnwindRule prologue = UnwindRule.FromPrologue;
        const UnwindRule rbp = UnwindRule.FromFramePointer;
        (uint, uint, UnwindRule, uint)[] expected =
        [
            (0x00, 8, prologue, 0), (0x04, 16, rbp, 2), (0x0F, 8, rsp, 2), // atoll_boot_main
            (0x10, 0, UnwindRule.End, 0), // atoll_instance_main: no description
            (0x20, 8, prologue, 0), (0x24, 16, rbp, 2), (0x2F, 8, rsp, 2), // atoll_trap
        ];
        for (int index = 0; index < expected.Length; index++)
        {
            Assert.Equal(expected[index], Row(table, index));
        }

        uint last = 0;
        for (int index = 1; index < count; index++)
        {
            uint offset = Row(table, index).Offset;
            Assert.True(offset > last);
            last = offset;
        }

        Assert.Contains(UnwindRule.FromTrapFrame, MemoryMarshal.Cast<byte, UnwindRow>(table).ToArray().Select(row => row.Rule));
    }

    [Fact]
    public void DebugFrameDescribesKeptFunctionsOnly()
    {
        LinkedImage image = LinkedImage.Of(DebugObject.Sample());
        HashSet<ulong> described = [];
        ByteCursor cursor = new(image.Section(".debug_frame").Content.Span);
        while (!cursor.IsAtEnd)
        {
            // DWARF 4, 6.4.1: length, CIE id (all ones) or pointer, then initial location and range.
            uint length = cursor.U32();
            int body = cursor.Position;
            Assert.Equal(0u, (length + 4) % 8);
            if (cursor.U32() != uint.MaxValue)
            {
                described.Add(cursor.U64());
                Assert.NotEqual(0UL, cursor.U64());
            }

            cursor.Seek((ulong)body + length);
        }

        Assert.False(cursor.Failed);
        Assert.Contains(image.AddressOf("atoll_boot_main"), described);
        Assert.Contains(image.AddressOf("atoll_trap"), described);
        Assert.DoesNotContain(0UL, described);
        Assert.DoesNotContain(image.AddressOf("atoll_instance_main"), described);
    }

    /// <summary>The kernel's own walk ends at the entry; debuggers go on to where the program stands, on the stack that it had.</summary>
    [Fact]
    public void DebuggersFindTheProgramThatCalled()
    {
        FragmentPiece piece = new(new SyscallEntry(_ => 0), new SymbolTable());

        FrameDescription frame = Assert.Single(FragmentFrames.Of(piece));

        // DWARF 4, 7.23: def_cfa_expression (const8u, deref); expression of the return address (const8u).
        byte[] userStackPointer = BitConverter.GetBytes(ImageLayout.StatePage + EntryState.UserRspOffset);
        byte[] pushed = BitConverter.GetBytes(ImageLayout.StackTop - 8);
        Assert.Equal([0x0F, 10, 0x0E, .. userStackPointer, 0x06, 0x10, 16, 9, 0x0E, .. pushed], frame.Instructions.ToArray());
        Assert.True(frame.Common.IsSignalFrame);
        Assert.Equal(piece.SizeBytes, frame.LengthBytes);
        Assert.Equal(UnwindRule.End, Assert.Single(piece.CallFrames).Rule);
    }

    /// <summary>A description of more bytes than the function has would reach into the next one.</summary>
    [Fact]
    public void DescriptionLongerThanItsFunctionIsADiagnostic()
    {
        // The range of the first FDE: 12 bytes into the entry that begins at 24.
        byte[] frames = [.. DebugObject.Frames];
        frames[24 + 12] = 17;
        ObjectBuilder builder = new ObjectBuilder()
            .Code("atoll_boot_main", DebugObject.Function)
            .Code("atoll_instance_main", [0xC3])
            .Code("atoll_trap", DebugObject.Function)
            .AddSection(
                ".eh_frame",
                ElfNative.SHT_PROGBITS,
                ElfNative.SHF_ALLOC,
                frames,
                new Fixup(32, ElfNative.R_X86_64_PC32, "atoll_boot_main"),
                new Fixup(72, ElfNative.R_X86_64_PC32, "atoll_trap"),
                new Fixup(112, ElfNative.R_X86_64_PC32, "atoll_trap"));

        Diagnostic diagnostic = Assert.Single(Link.Run(new LinkRequest { Objects = [builder.Build()] }).Diagnostics);

        Assert.Equal("ATL9022", diagnostic.Id);
    }

    [Fact]
    public void DamagedSectionIsADiagnostic()
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots()
            .AddSection(".eh_frame", ElfNative.SHT_PROGBITS, ElfNative.SHF_ALLOC, [255, 0, 0, 0, 1, 2, 3]);

        LinkResult result = Link.Run(new LinkRequest { Objects = [builder.Build()] });

        Assert.Equal("ATL9022", Assert.Single(result.Diagnostics).Id);
    }

    private static (uint Offset, uint Cfa, UnwindRule Rule, uint Slot) Row(ReadOnlySpan<byte> table, int index)
    {
        UnwindRow row = MemoryMarshal.Cast<byte, UnwindRow>(table)[index];
        return (row.CodeOffset, row.CfaOffset, row.Rule, row.FramePointerSlot);
    }

    private static List<CallFrameRow>? Run(byte[] instructions) => CallFrameMachine.Run(s_common, instructions, 200);
}
