using System.Collections.Immutable;
using Atoll.Linker.Proof.Reading;
using Iced.Intel;

namespace Atoll.Linker.Proof.Fences;

/// <summary>General registers that hold a constant on one path: enough to follow a flag that a loop keeps in one.</summary>
internal sealed class ConstantRegisters : IEquatable<ConstantRegisters>
{
    /// <summary>Nothing is known.</summary>
    public static readonly ConstantRegisters None = new(ImmutableSortedDictionary<Register, ulong>.Empty);

    private static readonly Register[] s_changedByCalls =
    [
        Register.RAX, Register.RCX, Register.RDX, Register.RSI, Register.RDI, Register.R8, Register.R9, Register.R10, Register.R11,
    ];

    private readonly ImmutableSortedDictionary<Register, ulong> _values;

    private ConstantRegisters(ImmutableSortedDictionary<Register, ulong> values) => _values = values;

    /// <summary>What a register holds; null when nobody knows.</summary>
    public ulong? ValueOf(Register register) =>
        register != Register.None && _values.TryGetValue(register.GetFullRegister(), out ulong value) ? value : null;

    /// <summary>After an instruction.</summary>
    public ConstantRegisters After(in Instruction instruction, InstructionInfo info)
    {
        ImmutableSortedDictionary<Register, ulong> values = _values;
        foreach (UsedRegister used in info.GetUsedRegisters())
        {
            if (used.Access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.None))
            {
                values = values.Remove(used.Register.GetFullRegister());
            }
        }

        if (Loaded(instruction) is { } value)
        {
            values = values.SetItem(instruction.Op0Register.GetFullRegister(), value);
        }

        return ReferenceEquals(values, _values) ? this : new ConstantRegisters(values);
    }

    /// <summary>After a call (System V ABI AMD64, "Registers").</summary>
    public ConstantRegisters AfterCall() => new(_values.RemoveRange(s_changedByCalls));

    /// <inheritdoc/>
    public bool Equals(ConstantRegisters? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConstantRegisters);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach ((Register register, ulong value) in _values)
        {
            hash.Add((register, value));
        }

        return hash.ToHashCode();
    }

    /// <summary>The constant of MOV r, imm and XOR r, r; both clear the upper half of a 64-bit register.</summary>
    private static ulong? Loaded(in Instruction instruction)
    {
        bool isWide = instruction.Op0Kind == OpKind.Register && instruction.Op0Register.GetSize() >= sizeof(uint)
            && instruction.Op0Register.IsGPR();
        bool isZero = instruction.Mnemonic == Mnemonic.Xor && instruction.Op1Kind == OpKind.Register
            && instruction.Op0Register == instruction.Op1Register;
        return !isWide ? null
            : isZero ? 0
            : instruction.Mnemonic == Mnemonic.Mov && instruction.HasImmediate(1) ? instruction.GetImmediate(1)
            : null;
    }
}
