using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;
using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Call frame rows against what the instructions do to the stack.</summary>
/// <remarks>The CFA is RSP before the call pushed the return address (DWARF 4, "Call Frame Information").</remarks>
public class CallFrameTests
{
    private const int ReturnAddressBytes = 8;

    /// <summary>Stubs that C# calls and that may come back, or be interrupted with a caller.</summary>
    public static TheoryData<string> CalledStubs =>
    [
        .. Catalogue.All.Where(fragment => fragment.IsCode && fragment.Name is not EnterInstance.Symbol)
            .Select(fragment => fragment.Name)
            .Where(name => name.StartsWith("x64_", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(CalledStubs))]
    public void CallerIsFoundFromEveryInstruction(string name)
    {
        TrampolineImage image = new();
        Fragment fragment = TrampolineImage.Find(name);
        int depth = ReturnAddressBytes;
        int? framePointer = null;
        int? savedFramePointerSlot = null;
        foreach (Instruction instruction in Decoded.Of(image, name))
        {
            CallFrameRow row = RowAt(fragment, (int)(instruction.IP - image[name]));
            int expected = row.Rule == UnwindRule.FromFramePointer ? Assert.NotNull(framePointer) : depth;
            Assert.NotEqual(UnwindRule.End, row.Rule);
            Assert.NotEqual(UnwindRule.FromTrapFrame, row.Rule);
            Assert.Equal(expected, row.CfaOffset);
            Assert.Equal(savedFramePointerSlot ?? 0, row.FramePointerSlot);

            depth -= instruction.StackPointerIncrement;
            if (instruction.Mnemonic == Mnemonic.Push && instruction.Op0Register == Register.RBP)
            {
                savedFramePointerSlot = depth / 8;
            }
            else if (instruction.Writes(Register.RBP))
            {
                framePointer = depth;
            }
        }

        // A jump leaves the return address to whoever it leads to.
        int left = name is "x64_call_address" or "x64_resume" ? ReturnAddressBytes : 0;
        Assert.True(name == "x64_exhaust_stack" || depth == left, "The last instruction returns.");
    }

    [Theory]
    [InlineData(EnterInstance.Symbol)]
    [InlineData(InterruptEntries.Symbol)]
    public void WalkEndsWhereThereIsNoCaller(string name) =>
        Assert.All(TrampolineImage.Find(name).CallFrames, row => Assert.Equal(UnwindRule.End, row.Rule));

    [Fact]
    public void InterruptedCodeIsFoundFromTheTrapHandler()
    {
        TrampolineImage image = new();
        Fragment fragment = TrampolineImage.Find(InterruptCommonPath.Symbol);
        IReadOnlyList<Instruction> code = Decoded.Of(image, InterruptCommonPath.Symbol);
        int call = code.IndexOf(instruction => instruction.Mnemonic == Mnemonic.Call);
        ulong returnAddress = code[call].NextIP;

        // The handler's argument, RDI = RSP, is the trap frame: offset 0 at the call and when the handler returns.
        foreach (ulong address in new[] { code[call].IP, returnAddress - 1, returnAddress })
        {
            CallFrameRow row = RowAt(fragment, (int)(address - image[InterruptCommonPath.Symbol]));
            Assert.Equal(UnwindRule.FromTrapFrame, row.Rule);
            Assert.Equal(0, row.CfaOffset);
        }
    }

    [Fact]
    public void TrapFrameRuleHoldsOnlyWhileTheFrameIsComplete()
    {
        TrampolineImage image = new();
        Fragment fragment = TrampolineImage.Find(InterruptCommonPath.Symbol);
        int bytesOnStack = 7 * 8; // SS, RSP, RFLAGS, CS, RIP, error code, vector
        foreach (Instruction instruction in Decoded.Of(image, InterruptCommonPath.Symbol))
        {
            CallFrameRow row = RowAt(fragment, (int)(instruction.IP - image[InterruptCommonPath.Symbol]));
            Assert.True(row.Rule == UnwindRule.End || bytesOnStack == TrapFrame.SizeBytes, $"at 0x{instruction.IP:x}");
            bytesOnStack += StackGrowth(instruction);
        }
    }

    private static int StackGrowth(Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.Push => 8,
        Mnemonic.Pop or Mnemonic.Popfq => -8,
        Mnemonic.Sub when instruction.Op0Register == Register.RSP => (int)instruction.GetImmediate(1),
        Mnemonic.Add when instruction.Op0Register == Register.RSP => -(int)instruction.GetImmediate(1),
        _ => 0,
    };

    private static CallFrameRow RowAt(Fragment fragment, int offset) =>
        fragment.CallFrames.Last(row => row.CodeOffset <= offset);
}
