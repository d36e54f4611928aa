using Atoll.Linker.Inspect;
using Iced.Intel;
using Xunit.Abstractions;

namespace Atoll.Image.Tests;

/// <summary>A debugger is never told of a register that holds something else: of the image, as llvm-dwarfdump reads its variables and Iced
/// its instructions.</summary>
/// <remarks>ILC's own object says it of hundreds: see docs/debugging.md, "Values die early".</remarks>
public sealed class VariableLocationTests(ITestOutputHelper output)
{
    // System V ABI AMD64, "Passing": the registers of arguments in their order, and those that calls keep; by DWARF's numbers.
    private static readonly int[] s_arguments = [5, 4, 1, 2, 8, 9];
    private static readonly int[] s_kept = [3, 6, 7, 12, 13, 14, 15];

    private static readonly Register[] s_registers =
    [
        Register.RAX, Register.RDX, Register.RCX, Register.RBX, Register.RSI, Register.RDI, Register.RBP, Register.RSP,
        Register.R8, Register.R9, Register.R10, Register.R11, Register.R12, Register.R13, Register.R14, Register.R15,
    ];

    /// <summary>Pointer, then length: they are passed in two registers of arguments, one after the other.</summary>
    [Fact]
    public void Spans_HaveTheirPointerFirst()
    {
        if (Variables() is not { } variables)
        {
            return;
        }

        ToldStretch[] spans = [.. variables.SelectMany(one => one.Stretches).Where(stretch => stretch.Registers.Count == 2)];
        output.WriteLine($"{spans.Length} stretches of spans");
        Assert.All(spans, span => Assert.Equal(
            Array.IndexOf(s_arguments, span.Registers[0]) + 1, Array.IndexOf(s_arguments, span.Registers[1])));
        Assert.NotEmpty(spans);
    }

    /// <summary>One place for all of a function: nothing there writes the register, and no call may.</summary>
    [Fact]
    public void VariablesOfAWholeFunction_AreLostNowhereInIt()
    {
        if (Variables() is not { } variables)
        {
            return;
        }

        ToldVariable[] whole = [.. variables.Where(variable => variable.IsWholeFunction && variable.Stretches[0].Registers.Count > 0)];
        output.WriteLine($"{whole.Length} variables in registers in all of their function");
        Assert.Empty(Losses(whole, isUpdateALoss: true));
        Assert.NotEmpty(whole);
    }

    /// <summary>A stretch ends with the first call, and where the register is given another value. What reads the register that it writes
    /// goes on with the variable.</summary>
    [Fact]
    public void Stretches_EndWhereTheRegisterIsLost()
    {
        if (Variables() is not { } variables)
        {
            return;
        }

        ToldVariable[] listed = [.. variables.Where(variable => !variable.IsWholeFunction)];
        output.WriteLine($"{listed.Length} variables with {listed.Sum(variable => variable.Stretches.Count)} stretches");
        Assert.Empty(Losses(listed, isUpdateALoss: false));
        Assert.NotEmpty(listed);
    }

    private List<ToldVariable>? Variables() =>
        ForeignReader.Read(output, "llvm-dwarfdump", isComplaintExpected: false, "--debug-info") is { } dump
            ? ToldVariable.Read(dump)
            : null;

    private static IEnumerable<string> Losses(IEnumerable<ToldVariable> variables, bool isUpdateALoss)
    {
        byte[] image = File.ReadAllBytes(KernelImage.Path);
        ImageReport report = KernelImage.Inspect();
        foreach (ToldVariable variable in variables)
        {
            foreach (ToldStretch stretch in variable.Stretches)
            {
                var segment = report.Segments.Single(one =>
                    stretch.From >= one.VirtualAddress && stretch.To <= one.VirtualAddress + one.FileBytes);
                int offset = (int)(segment.FileOffset + (stretch.From - segment.VirtualAddress));
                byte[] code = image[offset..(offset + (int)(stretch.To - stretch.From))];
                foreach (int register in stretch.Registers.Where(register => register < s_registers.Length))
                {
                    if (LossIn(code, stretch.From, register, isUpdateALoss) is { } loss)
                    {
                        yield return
                            $"{variable.Name}: {s_registers[register]} is lost at 0x{loss.IP:x}, of 0x{stretch.From:x} to 0x{stretch.To:x}";
                    }
                }
            }
        }
    }

    /// <summary>The first instruction that ends within the stretch and behind which the register does not hold the variable.</summary>
    /// <remarks>Of a stretch of a list the first one gives the value; registers that calls keep are the variable's in all of it.</remarks>
    private static Instruction? LossIn(byte[] code, ulong address, int register, bool isUpdateALoss)
    {
        bool isKept = s_kept.Contains(register);
        InstructionInfoFactory facts = new();
        var decoder = Decoder.Create(64, code, address);
        while (decoder.IP < address + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            bool endsWithin = !instruction.IsInvalid && instruction.NextIP < address + (ulong)code.Length;
            bool isCall = instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall;
            OpAccess[] accesses = [.. facts.GetInfo(instruction).GetUsedRegisters()
                .Where(used => used.Register.GetFullRegister() == s_registers[register]).Select(used => used.Access)];
            bool isOverwritten = accesses.Contains(OpAccess.Write) && !isKept && instruction.IP != address;
            bool isUpdated = accesses.Any(access =>
                access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite);
            if (endsWithin && ((isCall && !isKept) || isOverwritten || (isUpdateALoss && isUpdated)))
            {
                return instruction;
            }
        }

        return null;
    }
}
