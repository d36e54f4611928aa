using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Flow;

/// <summary>What an indirect call or jump can lead to.</summary>
public enum IndirectKind
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>A switch: the entries of a read-only table behind a comparison.</summary>
    Switch,

    /// <summary>A constant that the instruction before has loaded into the register.</summary>
    Constant,

    /// <summary>A far return to the very next instruction, to load CS.</summary>
    NextInstruction,

    /// <summary>Any address, on purpose: the function claims it.</summary>
    Anywhere,
}

/// <summary>One indirect call or jump.</summary>
/// <param name="Function">Where it is.</param>
/// <param name="Instruction">The call or jump.</param>
/// <param name="Kind">How its targets are known.</param>
/// <param name="Targets">Every address that it can lead to.</param>
/// <param name="Switch">The switch that it ends.</param>
public sealed record IndirectTransfer(
    CodeFunction Function,
    Instruction Instruction,
    IndirectKind Kind,
    IReadOnlyList<ulong> Targets,
    SwitchTable? Switch = null);

/// <summary>All indirect calls and jumps of an image.</summary>
public sealed class IndirectTransfers
{
    private readonly Dictionary<ulong, IndirectTransfer> _byAddress = [];

    /// <summary>Finds and classifies them.</summary>
    public static IndirectTransfers Of(WrittenImage image, CodeMap code, ImageClaims claims)
    {
        IndirectTransfers found = new();
        long switchBudget = image.Bytes.Length / sizeof(int);
        foreach (CodeFunction function in code.Functions)
        {
            for (int index = 0; index < function.Instructions.Length; index++)
            {
                if (IsIndirect(function.Instructions[index]))
                {
                    IndirectTransfer transfer = Classify(image, claims, function, index, ref switchBudget);
                    found._byAddress.Add(transfer.Instruction.IP, transfer);
                }
            }
        }

        return found;
    }

    /// <summary>All of them, in order of address.</summary>
    public IEnumerable<IndirectTransfer> All => _byAddress.Values;

    /// <summary>The one at an address.</summary>
    public IndirectTransfer At(ulong address) => _byAddress[address];

    /// <summary>Far returns count as jumps: they take both CS and RIP from the stack.</summary>
    public static bool IsIndirect(in Instruction instruction) =>
        instruction.FlowControl is FlowControl.IndirectBranch or FlowControl.IndirectCall
        || instruction.Mnemonic == Mnemonic.Retf;

    private static IndirectTransfer Classify(
        WrittenImage image, ImageClaims claims, CodeFunction function, int index, ref long switchBudget)
    {
        Instruction instruction = function.Instructions[index];
        if (SwitchTable.Find(image, function, index, ref switchBudget) is { } table)
        {
            return new(function, instruction, IndirectKind.Switch, table.Targets, table);
        }

        if (Constant(function, index) is { } target)
        {
            return new(function, instruction, IndirectKind.Constant, [target]);
        }

        if (IsReturnToNext(function, index))
        {
            return new(function, instruction, IndirectKind.NextInstruction, [instruction.NextIP]);
        }

        bool isAnywhere = claims.JumpsAnywhere(function.Name) && instruction.Mnemonic == Mnemonic.Jmp;
        return new(function, instruction, isAnywhere ? IndirectKind.Anywhere : IndirectKind.Unknown, []);
    }

    /// <summary>MOV of a constant, then the call or jump through the same register.</summary>
    private static ulong? Constant(CodeFunction function, int index)
    {
        Instruction transfer = function.Instructions[index];
        if (index == 0 || transfer.Op0Kind != OpKind.Register)
        {
            return null;
        }

        Instruction load = function.Instructions[index - 1];
        bool isLoad = load.Mnemonic == Mnemonic.Mov && load.Op0Kind == OpKind.Register
            && load.Op0Register == transfer.Op0Register && load.HasImmediate(1);
        return isLoad ? load.GetImmediate(1) : null;
    }

    /// <summary>PUSH selector; LEA RAX, [next]; PUSH RAX; RETFQ.</summary>
    private static bool IsReturnToNext(CodeFunction function, int index)
    {
        const int Instructions = 4;
        if (index + 1 < Instructions || function.Instructions[index].Code != Code.Retfq)
        {
            return false;
        }

        ReadOnlySpan<Instruction> shape = function.Instructions.Slice(index + 1 - Instructions, Instructions);
        return shape[0].Mnemonic == Mnemonic.Push && shape[0].HasImmediate(0)
            && shape[1].Code == Code.Lea_r64_m && shape[1].IsIPRelativeMemoryOperand
            && shape[1].IPRelativeMemoryAddress == shape[3].NextIP
            && shape[2].Code == Code.Push_r64 && shape[2].Op0Register == shape[1].Op0Register;
    }
}
