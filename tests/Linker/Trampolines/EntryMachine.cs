using Iced.Intel;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Runs interrupt entry code on words with names, so that a test can say what lies where.</summary>
/// <remarks>Knows the instructions that entries are made of; anything else is an error.</remarks>
internal sealed class EntryMachine
{
    /// <summary>16-byte aligned, as the processor makes it before it pushes.</summary>
    public const ulong InitialStackPointer = 0xFFFF_FFFF_8030_2F00;

    private readonly Dictionary<ulong, Instruction> _code = [];
    private readonly Dictionary<ulong, string> _memory = [];
    private readonly Dictionary<Register, string> _general = [];
    private readonly Dictionary<Register, (string Low, string High)> _vector = [];

    private readonly int _ring;
    private bool _isZero;

    /// <summary>Makes the machine that has just been interrupted: each register holds its own name.</summary>
    public EntryMachine(IEnumerable<Instruction> code, bool pushesErrorCode, int ring = 0)
    {
        _ring = ring;
        foreach (Instruction instruction in code)
        {
            _code.Add(instruction.IP, instruction);
        }

        foreach (Register register in GeneralRegisters)
        {
            _general[register] = register.ToString();
        }

        foreach (Register register in VectorRegisters)
        {
            _vector[register] = ($"{register}.low", $"{register}.high");
        }

        // Intel SDM Vol. 3A, "64-Bit Mode Stack Frame".
        Push("interrupted SS");
        Push("interrupted RSP");
        Push("interrupted RFLAGS");
        Push("interrupted CS");
        Push("interrupted RIP");
        if (pushesErrorCode)
        {
            Push("error code");
        }
    }

    /// <summary>Every general register but RSP.</summary>
    public static IEnumerable<Register> GeneralRegisters { get; } =
        Enumerable.Range((int)Register.RAX, 16)
            .Select(number => (Register)number)
            .Where(register => register != Register.RSP);

    /// <summary>XMM0 to XMM15.</summary>
    public static IEnumerable<Register> VectorRegisters { get; } =
        Enumerable.Range((int)Register.XMM0, 16).Select(number => (Register)number);

    /// <summary>RSP.</summary>
    public ulong StackPointer { get; private set; } = InitialStackPointer;

    /// <summary>Value of RDI when it is an address.</summary>
    public ulong? Argument { get; private set; }

    /// <summary>DF and AC are known to be clear.</summary>
    public bool DirectionCleared { get; private set; }

    /// <summary>Word on the stack.</summary>
    public string Word(ulong address) => _memory[address];

    /// <summary>Content of a general register.</summary>
    public string General(Register register) => _general[register];

    /// <summary>Content of a vector register.</summary>
    public (string Low, string High) Vector(Register register) => _vector[register];

    /// <summary>Runs up to a call or IRETQ, and returns that instruction.</summary>
    public Instruction RunFrom(ulong address)
    {
        while (true)
        {
            Instruction instruction = _code[address];
            if (instruction.Mnemonic is Mnemonic.Call or Mnemonic.Iretq)
            {
                return instruction;
            }

            address = Execute(instruction);
        }
    }

    /// <summary>More than a handler may do at worst: all registers are overwritten.</summary>
    public void OverwriteRegisters()
    {
        foreach (Register register in GeneralRegisters)
        {
            _general[register] = "overwritten";
        }

        foreach (Register register in VectorRegisters)
        {
            _vector[register] = ("overwritten", "overwritten");
        }
    }

    private ulong Execute(Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Push when instruction.Op0Kind == OpKind.Register:
                Push(_general[instruction.Op0Register]);
                break;
            case Mnemonic.Push when instruction.Op0Kind == OpKind.Memory:
                Push(Operand(instruction));
                break;
            case Mnemonic.And when instruction.Op0Kind == OpKind.Memory && instruction.MemorySize == MemorySize.UInt64:
                ulong masked = ulong.Parse(Operand(instruction), System.Globalization.CultureInfo.InvariantCulture) & instruction.GetImmediate(1);
                _memory[StackPointer + instruction.MemoryDisplacement64] = masked.ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            case Mnemonic.Mov when instruction.Op0Kind == OpKind.Memory && instruction.MemoryBase == Register.RSP && instruction.MemorySize is MemorySize.Int64 or MemorySize.UInt64:
                _memory[StackPointer + instruction.MemoryDisplacement64] = instruction.GetImmediate(1).ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            case Mnemonic.Push:
                Push(instruction.GetImmediate(0).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case Mnemonic.Pop:
                _general[instruction.Op0Register] = _memory[StackPointer];
                StackPointer += 8;
                break;
            case Mnemonic.Sub when instruction.Op0Register == Register.RSP:
                StackPointer -= instruction.GetImmediate(1);
                break;
            case Mnemonic.Add when instruction.Op0Register == Register.RSP:
                StackPointer += instruction.GetImmediate(1);
                break;
            case Mnemonic.Movaps when instruction.Op0Kind == OpKind.Memory:
                ulong saved = AlignedOperand(instruction);
                (_memory[saved], _memory[saved + 8]) = _vector[instruction.Op1Register];
                break;
            case Mnemonic.Movaps:
                ulong restored = AlignedOperand(instruction);
                _vector[instruction.Op0Register] = (_memory[restored], _memory[restored + 8]);
                break;
            case Mnemonic.Mov when instruction.Op0Register == Register.RDI && instruction.Op1Register == Register.RSP:
                Argument = StackPointer;
                break;
            case Mnemonic.Popfq:
                // Intel SDM Vol. 1, "EFLAGS Register": bit 1 is always set, bit 10 is DF, bit 18 AC.
                DirectionCleared = _memory[StackPointer] == "2";
                StackPointer += 8;
                break;
            case Mnemonic.Test when Operand(instruction) == "interrupted CS":
                // Bits 0 and 1 of CS are the privilege level.
                _isZero = ((ulong)_ring & instruction.GetImmediate(1)) == 0;
                break;
            case Mnemonic.Je when _isZero:
            case Mnemonic.Jne when !_isZero:
                return instruction.NearBranchTarget;
            case Mnemonic.Je or Mnemonic.Jne:
                break;
            case Mnemonic.Jmp:
                return instruction.NearBranchTarget;
            default:
                throw new InvalidOperationException($"An entry has no business with {instruction}.");
        }

        return instruction.NextIP;
    }

    private string Operand(Instruction instruction) => instruction.MemoryBase == Register.RSP
        ? _memory[StackPointer + instruction.MemoryDisplacement64]
        : throw new InvalidOperationException($"{instruction} does not look at the frame.");

    private ulong AlignedOperand(Instruction instruction)
    {
        ulong address = StackPointer + instruction.MemoryDisplacement64;
        return instruction.MemoryBase == Register.RSP && address % 16 == 0
            ? address
            : throw new InvalidOperationException($"{instruction} is not an aligned access to the frame.");
    }

    private void Push(string word)
    {
        StackPointer -= 8;
        _memory[StackPointer] = word;
    }
}
