using Atoll.Abi;
using Atoll.Boot;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;
using Atoll.Trap;

namespace Atoll.Kernel.Tests.Trap;

/// <summary>Walking stacks that were laid out by hand, and stacks that are broken.</summary>
/// <remarks>
/// CFA as in DWARF 4, "Call Frame Information": RSP before the call; the return address lies at CFA - 8.
/// </remarks>
public sealed unsafe class BacktraceTests : IDisposable
{
    private const ulong Text = 0xFFFF_FFFF_8020_0000;
    private const int StackWords = 512;
    private readonly HostPages _pages = new(5);

    // Leaf: push of nothing (CFA = RSP + 8). Framed: push rbp; mov rbp, rsp (CFA = RBP + 16, RBP at CFA - 16).
    // Pushed: five words pushed, RBP third (CFA = RSP + 48, RBP at CFA - 24). Entry: no caller. Trap: a trap frame.
    private static readonly UnwindRow[] s_rows =
    [
        new(0x100, UnwindRule.FromStackPointer, 8, 0),
        new(0x200, UnwindRule.FromFramePointer, 16, 2),
        new(0x300, UnwindRule.FromStackPointer, 48, 3),
        new(0x400, UnwindRule.End, 0, 0),
        new(0x500, UnwindRule.FromTrapFrame, 0, 0),
    ];

    private const ulong Leaf = Text + 0x110;
    private const ulong Framed = Text + 0x220;
    private const ulong Pushed = Text + 0x330;
    private const ulong Entry = Text + 0x440;

    public void Dispose() => _pages.Dispose();

    private ulong* Stack => (ulong*)_pages.Page(1);

    private ulong Low => (ulong)Stack;

    private ulong High => Low + (StackWords * 8);

    [Fact]
    public void Leaf_InFramed_InPushed_InEntry()
    {
        // Interrupted in the leaf. Words from the top of the stack downwards, as the calls wrote them.
        Stack[40] = Framed;             // Return address of the leaf: CFA is 41.
        ulong framedBase = Address(44); // RBP in the framed function: CFA is 46.
        Stack[44] = 0xB0B0;             // RBP of its caller.
        Stack[45] = Pushed;             // Return address of the framed function; its caller's RSP is 46.
        Stack[49] = 0xE0E0;             // In the pushed function CFA is 46 + 6 = 52: RBP at 52 - 3.
        Stack[51] = Entry;

        Assert.Equal(
            [Leaf, Framed, Pushed, Entry], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(40), Rbp = framedBase }));
    }

    /// <summary>
    /// A return address behind the last instruction of a function belongs to that function, not to the next.
    /// </summary>
    [Fact]
    public void CallAsLastInstruction_IsLookedUpBeforeItsReturnAddress()
    {
        const ulong EndOfPushed = Text + 0x400;
        Stack[10] = EndOfPushed;
        Stack[16] = Entry; // CFA of the pushed function is 11 + 6.

        Assert.Equal([Leaf, EndOfPushed, Entry], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }));
    }

    /// <summary>Boot code is counted behind text: of 0x700 bytes here, so its byte 0x80 is at 0x780.</summary>
    [Fact]
    public void BootCode_IsWalkedThrough_UpToItsEnd()
    {
        UnwindRow[] rows = [.. s_rows, new(0x700, UnwindRule.End, 0, 0), new(0x780, UnwindRule.FromStackPointer, 16, 0), new(0x900, UnwindRule.End, 0, 0)];
        const ulong Boot = 0x10_0000;

        // A check that fails in boot code: the stub in text, its caller in boot code, and what called that.
        Stack[10] = Boot + 0x90;
        Stack[12] = Entry;
        Assert.Equal([Leaf, Boot + 0x90, Entry], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }, rows));

        // Interrupted in boot code.
        Stack[21] = Leaf;
        Stack[22] = Entry;
        Assert.Equal([Boot + 0x80, Leaf, Entry], Walk(new TrapFrame { Rip = Boot + 0x80, Rsp = Address(20) }, rows));

        // What lies behind boot code is no code, and neither is what lies before.
        Stack[10] = Boot + 0x400;
        Assert.Equal([Leaf], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }, rows));
        Stack[10] = Boot - 1;
        Assert.Equal([Leaf], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }, rows));
    }

    /// <summary>The interrupted address itself is exact: no byte is taken off.</summary>
    [Fact]
    public void InterruptedAtTheFirstByte_UsesThatFunctionsRow()
    {
        Stack[10] = Entry;

        Assert.Equal([Text + 0x100, Entry], Walk(new TrapFrame { Rip = Text + 0x100, Rsp = Address(10) }));
    }

    /// <summary>After a call to address 0 only the return address is on the stack.</summary>
    [Theory]
    [InlineData(0UL)]
    [InlineData(0x1234_5678UL)]
    [InlineData(0xFFFF_FFFF_8030_1000UL)]
    public void JumpToNowhere_IsWalkedFromItsReturnAddress(ulong nowhere)
    {
        Stack[20] = Leaf;
        Stack[21] = Entry;

        Assert.Equal([nowhere, Leaf, Entry], Walk(new TrapFrame { Rip = nowhere, Rsp = Address(20) }));
    }

    [Fact]
    public void WalkEnds_WhereNoRuleIsKnown()
    {
        Stack[10] = Entry;

        // Before the first row.
        Assert.Equal([Text + 0x10], Walk(new TrapFrame { Rip = Text + 0x10, Rsp = Address(10) }));
        Assert.Equal([Entry], Walk(new TrapFrame { Rip = Entry, Rsp = Address(10) }));
        Assert.Equal([Text + 0x550], Walk(new TrapFrame { Rip = Text + 0x550, Rsp = Address(10) })); // A trap entry.

        // The first byte of text can be returned to; what follows the last cannot.
        Stack[10] = Text;
        Assert.Equal([Leaf, Text], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }));
        Stack[10] = Text + 0x700;
        Assert.Equal([Leaf], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }));
        Stack[10] = 0xDEAD;
        // Return address in no text.
        Assert.Equal([Leaf], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }));
    }

    [Fact]
    public void EmptyTable_EndsAtTheInterruptedAddress() =>
        Assert.Equal([Leaf], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(10) }, []));

    [Fact]
    public void EndlessStack_FillsTheRecordAndStops()
    {
        for (int i = 0; i < StackWords; i++)
        {
            Stack[i] = Leaf;
        }

        Assert.Equal(Enumerable.Repeat(Leaf, 32), Walk(new TrapFrame { Rip = Leaf, Rsp = Address(0) }));
    }

    /// <summary>A frame pointer that points to itself or downwards would walk for ever.</summary>
    [Fact]
    public void FramePointerThatDoesNotRise_EndsTheWalk()
    {
        Stack[50] = Address(50);
        Stack[51] = Framed;

        Assert.Equal([Framed, Framed], Walk(new TrapFrame { Rip = Framed, Rsp = Address(48), Rbp = Address(50) }));
        Assert.Equal([Framed], Walk(new TrapFrame { Rip = Framed, Rsp = Address(60), Rbp = Address(50) }));
    }

    /// <summary>A row that has the frame pointer saved below the stack: the walk ends before that word is read.</summary>
    [Fact]
    public void SavedFramePointerOutsideTheStack_EndsTheWalk()
    {
        UnwindRow[] rows = [new(0x100, UnwindRule.FromStackPointer, 8, 3)];
        Stack[0] = Entry;

        Assert.Equal([Leaf], Walk(new TrapFrame { Rip = Leaf, Rsp = Address(0) }, rows));
    }

    /// <summary>At each byte of a prologue: push rbp; push r15; sub rsp, 0x28; then a call. Bytes from the Intel SDM, Vol. 2: 55, 41 57, 48 83 EC ib, E8.</summary>
    [Theory]
    [InlineData(0, 0, 1)] // before the push of RBP: the return address is on top
    [InlineData(1, 1, 2)]
    [InlineData(2, 1, 2)] // within the push of R15: not done yet
    [InlineData(3, 2, 3)]
    [InlineData(6, 2, 3)] // within SUB
    [InlineData(7, 7, 8)]
    [InlineData(9, 7, 8)] // behind the prologue nothing is counted, not even what looks like a push
    [InlineData(10, 7, 8)]
    public void Prologue_IsReadFromTheCode(int at, int returnWord, int frameWords)
    {
        byte[] code = [0x55, 0x41, 0x57, 0x48, 0x83, 0xEC, 0x28, 0x90, 0x50, 0x50, 0xC3];
        code.CopyTo(new Span<byte>((byte*)_pages.Page(3) + 0x80, code.Length));
        ulong text = (ulong)_pages.Page(3);
        UnwindRow[] rows = [new(0x80, UnwindRule.FromPrologue, 8, 0), new(0x100, UnwindRule.End, 0, 0)];
        Stack[20 + returnWord] = text + 0x110;
        TrapFrame frame = new() { Rip = text + 0x80 + (ulong)at, Rsp = Address(20), Rbp = 0x1234 };

        Assert.Equal([frame.Rip, text + 0x110], Walk(frame, rows, text));

        // The caller, if it keeps its frame in RBP: what was pushed leads to its own return address, or RBP that was not pushed yet.
        rows = [rows[0], new(0x100, UnwindRule.FromFramePointer, 16, 2), new(0x180, UnwindRule.End, 0, 0)];
        if (returnWord > 0)
        {
            Stack[20 + returnWord - 1] = Address(300);
        }

        Stack[301] = text + 0x190;
        frame.Rbp = returnWord > 0 ? 0 : Address(300);
        Assert.Equal([frame.Rip, text + 0x110, text + 0x190], Walk(frame, rows, text));
        Assert.Equal(returnWord + 1, frameWords);
    }

    /// <summary>81 /5 id: a frame of more than 127 bytes, up to the end of the code that may be read.</summary>
    [Fact]
    public void GreatFrame_IsReadFromTheCode()
    {
        byte[] code = [0x48, 0x81, 0xEC, 0x88, 0x01, 0x00, 0x00, 0x90];
        code.CopyTo(new Span<byte>((byte*)_pages.Page(3), code.Length));
        ulong text = (ulong)_pages.Page(3);
        UnwindRow[] rows = [new(0, UnwindRule.FromPrologue, 8, 0), new(0x100, UnwindRule.End, 0, 0)];
        Stack[20 + 49] = text + 0x110;

        Assert.Equal([text + 7, text + 0x110], Walk(new TrapFrame { Rip = text + 7, Rsp = Address(20) }, rows, text));
    }

    [Fact]
    public void Bounds_HoldWholeAlignedWordsInside()
    {
        var bounds = new StackBounds(0x1000, 0x2000);

        Assert.True(bounds.Holds(0x1000) && bounds.Holds(0x1FF8));
        Assert.False(bounds.Holds(0xFF8) || bounds.Holds(0x2000) || bounds.Holds(0x1004) || bounds.Holds(0x1FFC));
        Assert.False(bounds.Holds(0xFFFF_FFFF_FFFF_FFF8), "an address whose word wraps around");
        Assert.False(new StackBounds(0xFFFF_FFFF_8030_1000, 0xFFFF_FFFF_8030_3000).Holds(0xFFFF_FFFF_FFFF_FFF8));
    }

    [Theory]
    [InlineData(0xFFFF_FFFF_8030_1000UL, 0xFFFF_FFFF_8030_1000UL, true)]
    [InlineData(0xFFFF_FFFF_8030_3000UL, 0xFFFF_FFFF_8030_2FF8UL, true)]
    [InlineData(0xFFFF_FFFF_8030_2000UL, 0xFFFF_FFFF_8030_3000UL, false)]
    [InlineData(0xFFFF_FFFF_8030_4800UL, 0xFFFF_FFFF_8030_4FF8UL, true)]
    [InlineData(0xFFFF_FFFF_8030_4800UL, 0xFFFF_FFFF_8030_5000UL, false)]
    [InlineData(0xFFFF_FFFF_8030_0FF8UL, 0xFFFF_FFFF_8030_0FF8UL, false)]
    [InlineData(0UL, 0UL, false)]
    [InlineData(0xFFFF_FFFF_8030_A000UL, 0xFFFF_FFFF_8030_A000UL, false)]
    public void StackOfAPointer_IsOneOfTheInstances(ulong stackPointer, ulong word, bool isHeld) =>
        Assert.Equal(isHeld, StackBounds.Of(stackPointer).Holds(word));

    /// <summary>
    /// Any registers on any stack with any table: bounded, and nothing outside the stack decides the result.
    /// </summary>
    [Fact]
    public void BrokenStacks_NeverReadOutsideTheirBounds() => Seeds.ForEach(3000, random =>
    {
        ulong Value() => random.Next(6) switch
        {
            0 => (ulong)random.NextInt64() << 1,
            1 => Low - 64 + (ulong)random.Next(128),
            2 => High - 64 + (ulong)random.Next(128),
            3 => Text + (ulong)random.Next(0x700),
            4 => ulong.MaxValue - (ulong)random.Next(64),
            _ => Address(random.Next(StackWords)),
        };
        for (int i = 0; i < StackWords; i++)
        {
            Stack[i] = Value();
        }

        UnwindRow[] rows = [.. Enumerable.Range(0, random.Next(12)).Select(i => new UnwindRow(
            (uint)(i * 0x80), (UnwindRule)random.Next(4), (uint)(random.Next(4) == 0 ? random.Next(1024) : random.Next(12)) * 8, (uint)random.Next(4)))];
        TrapFrame frame = new() { Rip = Value(), Rsp = Value(), Rbp = Value() };

        // Beyond the stack lie return addresses, then frame pointers: either would lead the walk elsewhere.
        Surround(Text + 0x120);
        ulong[] first = Walk(frame, rows);
        foreach (ulong beyond in (ulong[])[Text + 0x660, Address(100), Address(400)])
        {
            Surround(beyond);
            Assert.Equal(first, Walk(frame, rows));
        }

        Assert.InRange(first.Length, 1, 32);
        Assert.Equal(frame.Rip, first[0]);
        Assert.All(first.Skip(1), address => Assert.InRange(address, Text, Text + 0x6FF));
    });

    private ulong Address(int word) => Low + ((ulong)word * 8);

    // What a read beyond the stack would find: different return addresses each time.
    private void Surround(ulong word)
    {
        for (int i = 0; i < StackWords; i++)
        {
            ((ulong*)_pages.Page(0))[i] = word;
            ((ulong*)_pages.Page(2))[i] = word;
        }
    }

    private ulong[] Walk(TrapFrame frame) => Walk(frame, s_rows);

    private ulong[] Walk(TrapFrame frame, UnwindRow[] rows, ulong text = Text)
    {
        CrashRecord record = default;
        fixed (UnwindRow* table = rows)
        {
            ImageInfo image = new()
            {
                TextStart = text,
                TextEnd = text + 0x700,
                UnwindTable = (ulong)table,
                UnwindRowCount = (uint)rows.Length,
                BootCodeBytes = 0x400,
            };
            Backtrace.Walk(in image, in frame, new StackBounds(Low, High), ref record);
        }

        ulong[] frames = new ulong[record.FrameCount];
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = record.Frames[i];
        }

        return frames;
    }
}
