using System.Text;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Inspect;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Proof;
using Atoll.Linker.Proof.Properties;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;
using static Atoll.Linker.Elf.ElfNative;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Programs;

/// <summary>The second kind of output: programs for ring 3.</summary>
public sealed class ProgramTests
{
    private const uint StackBytes = 2 * 4096;
    private const ulong Base = 0x40_0000;

    /// <summary>Takes some stack, then PAUSE for ever.</summary>
    private static readonly byte[] s_main = ProofSubject.Code(a =>
    {
        Iced.Intel.Label again = a.CreateLabel();
        a.sub(rsp, 0x28);
        a.mov(eax, 10);
        a.add(rsp, 0x28);
        a.Label(ref again);
        a.pause();
        a.jmp(again);
    });

    [Fact]
    public void TrivialProgramIsLinkedProvedAndInspected()
    {
        LinkedImage program = Link(s_main);

        (ProofReport? report, IReadOnlyList<Diagnostic> findings) = ProofSubject.Prove(program.Bytes);
        Assert.Empty(findings);
        Assert.True(report is { Holds: true, IsProgram: true });
        StackBound stack = Assert.Single(report.Stacks);
        // The return address of the call in the entry, and what main takes. No trap comes on top: those have the
        // kernel's stack.
        Assert.Equal((8 + 0x28, 0, (ulong)StackBytes), (stack.WorstBytes, stack.TrapBytes, stack.SizeBytes));

        ImageReport inspected = ImageInspector.Inspect(program.Bytes, "hello.elf", new DiagnosticBag())!;
        Assert.Equal([("Atoll", 1u), ("Atoll", 2u), ("GNU", 3u)], inspected.Notes.Select(note => (note.Owner, note.Type)).Order());
        Assert.NotNull(inspected.BuildId);
    }

    [Fact]
    public void SegmentsBeginAtTheBaseAndAreWriteXorExecute()
    {
        LinkedImage program = Link(s_main, builder => builder.Data("datum", [1]).Zero("zeros", 0x2000).Constant("constant", [2]));

        Assert.Equal(
            [(Base, PF_R | PF_X), (Base + 0x1000, PF_R), (Base + 0x2000, PF_R | PF_W)],
            program.Loads.Select(load => (load.VirtualAddress, load.Flags)));
        Assert.Equal(program.AddressOf("program_entry"), program.File.EntryAddress);
        Assert.False(program.Has("__boot_start"));
        Assert.False(program.Has("idt"));
    }

    [Fact]
    public void ManifestSaysWhatALoaderNeeds()
    {
        LinkedImage program = Link(s_main);
        ReadOnlySpan<byte> note = program.At(program.AddressOf("program_note"), 92);

        // System V ABI, "Note Section": sizes, type, owner with its end, padded to words.
        Assert.Equal(
            (6u, 72u, 2u), (BitConverter.ToUInt32(note), BitConverter.ToUInt32(note[4..]), BitConverter.ToUInt32(note[8..])));
        Assert.Equal("Atoll\0\0\0", Encoding.ASCII.GetString(note[12..20]));
        ReadOnlySpan<byte> manifest = note[20..];
        Assert.Equal(2u, BitConverter.ToUInt32(manifest));
        Assert.Equal(StackBytes, BitConverter.ToUInt32(manifest[4..]));
        Assert.Equal(Base, BitConverter.ToUInt64(manifest[8..]));
        Assert.Equal(program.AddressOf("__data_end"), BitConverter.ToUInt64(manifest[16..]));
        Assert.Equal(program.AddressOf("program_entry"), BitConverter.ToUInt64(manifest[24..]));
        Assert.Equal("hello" + new string('\0', 27), Encoding.UTF8.GetString(manifest[32..64]));
        Assert.Equal((0u, 1u), (BitConverter.ToUInt32(manifest[64..]), BitConverter.ToUInt32(manifest[68..])));
    }

    [Fact]
    public void AnotherBaseIsPossible()
    {
        LinkResult result = Linker.Link.Run(Request(new ProgramRequest("far", 4096, 0x7000_0000_0000), s_main));

        Assert.True(ProofSubject.Prove(result.Image!).Report!.Holds);
    }

    // Ring 3 cannot execute these, whatever anybody claims (Intel SDM Vol. 3A, "Privileged Instructions").
    [Theory]
    [InlineData("hlt", new byte[] { 0xF4 })]
    [InlineData("cli", new byte[] { 0xFA })]
    [InlineData("out", new byte[] { 0xEE })]
    [InlineData("write-cr3", new byte[] { 0x0F, 0x22, 0xDF })]
    [InlineData("int", new byte[] { 0xCD, 0x80 })]
    [InlineData("load-segment", new byte[] { 0x8E, 0xD8 })]
    [InlineData("syscall", new byte[] { 0x0F, 0x05 })]
    public void PrivilegedInstructionIsFound(string kind, byte[] code)
    {
        Diagnostic finding = Assert.Single(ProofSubject.Findings(Link([.. code, 0xC3]).Bytes, "ATL9052"));

        Assert.Equal("atoll_program_main", finding.Symbol);
        Assert.Contains($"('{kind}')", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoClaimGivesAProgramAPrivilege()
    {
        // The claim that a kernel's stub may make, put into the file by hand.
        byte[] patched = Link([0xF4, 0xC3]).WithClaims(
            ["program", "stack program 0 2000", "entry program_entry program", "privileged atoll_program_main hlt"]);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9052"),
            finding => finding.Message.Contains("which no program may have", StringComparison.Ordinal));
    }

    [Fact]
    public void StubsOfTheKernelAreNotThere()
    {
        LinkRequest request = Request(new("hello", StackBytes), LinkedImage.CallBytes, Fixup.Call("x64_halt"));

        Assert.Equal("ATL9010", Assert.Single(Linker.Link.Run(request).Diagnostics).Id);
    }

    [Fact]
    public void ProgramWithoutMainIsNotLinked()
    {
        LinkRequest request = new()
        {
            Objects = [new ObjectBuilder().Code("other", [0xC3]).Build()],
            Profile = ProgramProfile.Of(new("hello", StackBytes)),
        };

        Assert.Equal("atoll_program_main", Assert.Single(Linker.Link.Run(request).Diagnostics).Symbol);
    }

    [Fact]
    public void StackThatIsTooSmallIsFound()
    {
        LinkedImage program = Link(ProofSubject.Code(a => { a.sub(rsp, (int)StackBytes); a.add(rsp, (int)StackBytes); a.ret(); }));

        Assert.Contains("'program_entry' needs 8200 bytes", ProofSubject.Finding(program).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SegmentInTheKernelsHalfIsFound()
    {
        LinkedImage program = Link(s_main);
        byte[] patched = program.WithHeader(program.AddressOf("__data_start"), 16, 0xFFFF_FFFF_8020_0000);

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9059"),
            finding => finding.Message.Contains("0xffffffff80200000 lies where no program may", StringComparison.Ordinal));
    }

    [Fact]
    public void PageZeroIsNobodys()
    {
        LinkedImage program = Link(s_main);

        Assert.Contains(
            ProofSubject.Findings(program.WithHeader(program.AddressOf("__data_start"), 16, 0), "ATL9059"),
            finding => finding.Message.Contains("0x0 lies where no program may", StringComparison.Ordinal));
    }

    [Fact]
    public void FileThatStartsElsewhereIsFound()
    {
        byte[] patched = [.. Link(s_main).Bytes];
        // e_entry
        patched[24]++;

        Assert.Contains(
            ProofSubject.Findings(patched, "ATL9062"),
            finding => finding.Message.Contains("which it does not claim", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 4096u, 0x40_0000ul)]
    [InlineData("thirty-two bytes are one too many", 4096u, 0x40_0000ul)]
    [InlineData("line\nfeed", 4096u, 0x40_0000ul)]
    [InlineData("hello", 0u, 0x40_0000ul)]
    [InlineData("hello", 4095u, 0x40_0000ul)]
    [InlineData("hello", 0x10_1000u, 0x40_0000ul)]
    [InlineData("hello", 4096u, 0ul)]
    [InlineData("hello", 4096u, 0x40_0001ul)]
    [InlineData("hello", 4096u, 0x8000_0000_0000ul)]
    public void RequestIsJudged(string name, uint stackBytes, ulong at) =>
        Assert.NotNull(new ProgramRequest(name, stackBytes, at).Complaint);

    [Fact]
    public void GoodRequestHasNoComplaint() => Assert.Null(new ProgramRequest("hello", 4096).Complaint);

    private static LinkedImage Link(byte[] main, Func<ObjectBuilder, ObjectBuilder>? add = null)
    {
        ObjectBuilder builder = new ObjectBuilder().Code("atoll_program_main", main);
        return LinkedImage.Of(new LinkRequest
        {
            Objects = [(add is null ? builder.Data("filler", new byte[8]) : add(builder)).Build()],
            Profile = ProgramProfile.Of(new("hello", StackBytes)),
            Roots = add is null ? ["filler"] : ["datum", "zeros", "constant"],
        });
    }

    private static LinkRequest Request(ProgramRequest program, byte[] main, params Fixup[] fixups) => new()
    {
        Objects = [new ObjectBuilder().Code("atoll_program_main", main, fixups).Build()],
        Profile = ProgramProfile.Of(program),
    };
}
