using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;
using Iced.Intel;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Runs the 32-bit boot code: registers, the boot segment's memory, CPUID, TSC and ports.</summary>
/// <remarks>Knows the instructions that the code is made of, by Intel SDM Vol. 2; anything else is an error.</remarks>
internal sealed class BootMachine
{
    private const int StepsMax = 100_000_000;

    private readonly Dictionary<ulong, Instruction> _code = [];
    private readonly Dictionary<uint, byte> _memory = [];
    private readonly Dictionary<Register, uint> _registers = [];
    private readonly Func<uint, uint[]> _cpuid;
    private bool _zero;
    private bool _carry;

    /// <summary>Loads the boot segment and starts with garbage in every register.</summary>
    /// <param name="image">Image to take code and constants from.</param>
    /// <param name="cpuid">EAX, EBX, ECX, EDX for a leaf.</param>
    public BootMachine(TrampolineImage image, Func<uint, uint[]> cpuid)
    {
        _cpuid = cpuid;
        foreach (Fragment fragment in Catalogue.All.Where(fragment =>
            fragment.Place is FragmentPlace.BootCode or FragmentPlace.BootReadOnly))
        {
            Load(image[fragment.Name], image.Emit(fragment));
            foreach (Instruction instruction in fragment is CodeFragment { Bitness: 32 }
                ? Decoded.Of(image, fragment.Name, bitness: 32)
                : [])
            {
                _code.Add(instruction.IP, instruction);
            }
        }

        for (Register register = Register.EAX; register <= Register.EDI; register++)
        {
            _registers[register] = 0xDEAD_0000 + (uint)register;
        }
    }

    /// <summary>What RDTSC returns.</summary>
    public ulong TimeStamp { get; init; }

    /// <summary>Line status of the port: bit 5 says that it takes a byte.</summary>
    public byte LineStatus { get; init; } = 0x60;

    /// <summary>How often the code has looked at a port.</summary>
    public int Inputs { get; private set; }

    /// <summary>Bytes written to ports.</summary>
    public List<(uint Port, byte Value)> Outputs { get; } = [];

    /// <summary>A 32-bit general register.</summary>
    public uint this[Register register]
    {
        get => _registers[register];
        set => _registers[register] = value;
    }

    /// <summary>Runs up to HLT or a far jump, and returns that instruction.</summary>
    public Instruction RunFrom(ulong address)
    {
        for (int step = 0; step < StepsMax; step++)
        {
            Instruction instruction = _code[address];
            if (instruction.Mnemonic == Mnemonic.Hlt || instruction.IsJmpFar)
            {
                return instruction;
            }

            address = Execute(instruction);
        }

        throw new InvalidOperationException("The code does not come to an end.");
    }

    private ulong Execute(Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Cld or Mnemonic.Cli or Mnemonic.Lgdt or Mnemonic.Wrmsr:
                break;
            case Mnemonic.Mov when instruction.Op0Register is Register.CR0 or Register.CR3 or Register.CR4:
                break;
            case Mnemonic.Rdtsc:
                (this[Register.EDX], this[Register.EAX]) = ((uint)(TimeStamp >> 32), (uint)TimeStamp);
                break;
            case Mnemonic.Cpuid:
                uint[] words = _cpuid(this[Register.EAX]);
                (this[Register.EAX], this[Register.EBX]) = (words[0], words[1]);
                (this[Register.ECX], this[Register.EDX]) = (words[2], words[3]);
                break;
            case Mnemonic.Mov:
                Write(instruction.Op0Register, Read(instruction, 1));
                break;
            case Mnemonic.And or Mnemonic.Xor or Mnemonic.Add or Mnemonic.Dec:
                uint result = Compute(instruction);
                _zero = result == 0;
                Write(instruction.Op0Register, result);
                break;
            case Mnemonic.Test:
                _zero = (Read(instruction, 0) & Read(instruction, 1)) == 0;
                break;
            case Mnemonic.Cmp:
                _zero = Read(instruction, 0) == Read(instruction, 1);
                _carry = Read(instruction, 0) < Read(instruction, 1);
                break;
            case Mnemonic.Push:
                Push(Read(instruction, 0));
                break;
            case Mnemonic.Pop:
                Write(instruction.Op0Register, Pop());
                break;
            case Mnemonic.Lodsb:
                Write(Register.AL, _memory[this[Register.ESI]++]);
                break;
            case Mnemonic.In:
                Inputs++;
                Write(Register.AL, this[Register.EDX] == 0x3FD ? LineStatus : (byte)0xFF);
                break;
            case Mnemonic.Out:
                Outputs.Add((this[Register.EDX] & 0xFFFF, (byte)Read(instruction, 1)));
                break;
            case Mnemonic.Call:
                Push((uint)instruction.NextIP);
                return instruction.NearBranchTarget;
            case Mnemonic.Ret:
                return Pop();
            default:
                return Branches(instruction) ? instruction.NearBranchTarget : instruction.NextIP;
        }

        return instruction.NextIP;
    }

    private bool Branches(Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.Jmp => true,
        Mnemonic.Je => _zero,
        Mnemonic.Jne => !_zero,
        Mnemonic.Jb => _carry,
        _ => throw new InvalidOperationException($"Boot code has no business with {instruction}."),
    };

    private uint Compute(Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.And => Read(instruction, 0) & Read(instruction, 1),
        Mnemonic.Xor => Read(instruction, 0) ^ Read(instruction, 1),
        Mnemonic.Add => Read(instruction, 0) + Read(instruction, 1),
        _ => Read(instruction, 0) - 1,
    };

    private uint Read(Instruction instruction, int operand) => instruction.GetOpKind(operand) switch
    {
        OpKind.Register => ReadRegister(instruction.GetOpRegister(operand)),
        OpKind.Memory => ReadWord(AddressIn(instruction)),
        _ => (uint)instruction.GetImmediate(operand),
    };

    private uint ReadRegister(Register register) =>
        register == Register.AL ? this[Register.EAX] & 0xFF : this[register];

    private void Write(Register register, uint value)
    {
        if (register == Register.AL)
        {
            this[Register.EAX] = (this[Register.EAX] & ~0xFFu) | (value & 0xFF);
            return;
        }

        this[register] = value;
    }

    private uint AddressIn(Instruction instruction)
    {
        uint address = (uint)instruction.MemoryDisplacement64;
        address += instruction.MemoryBase == Register.None ? 0 : this[instruction.MemoryBase];
        return address + (instruction.MemoryIndex == Register.None
            ? 0
            : this[instruction.MemoryIndex] * (uint)instruction.MemoryIndexScale);
    }

    private uint ReadWord(uint address) => (uint)Enumerable.Range(0, 4).Sum(index =>
        (long)_memory[address + (uint)index] << (8 * index));

    private void Push(uint value)
    {
        this[Register.ESP] -= 4;
        Load(this[Register.ESP], BitConverter.GetBytes(value));
    }

    private uint Pop()
    {
        uint value = ReadWord(this[Register.ESP]);
        this[Register.ESP] += 4;
        return value;
    }

    private void Load(ulong address, byte[] bytes)
    {
        for (int index = 0; index < bytes.Length; index++)
        {
            _memory[(uint)address + (uint)index] = bytes[index];
        }
    }
}
