using Iced.Intel;

namespace Atoll.Linker.Dwarf;

/// <summary>Where the registers of one function hold what they held when it was called, or the one value that it gives them.</summary>
/// <remarks>
/// A conservative answer, from the instructions alone. A register holds its argument up to the first instruction, in
/// the order of addresses, that writes it or calls, if no jump from behind it comes back before it. One that calls keep
/// holds the function's value behind the only instruction that writes it, if no jump leads past that, up to the first
/// POP that gives the caller's back. What calls may change: System V ABI AMD64, "Registers".
/// </remarks>
internal sealed class RegisterLives
{
    // By DWARF's numbers (psABI, "DWARF Register Number Mapping").
    private static readonly Register[] s_registers =
    [
        Register.RAX, Register.RDX, Register.RCX, Register.RBX, Register.RSI, Register.RDI, Register.RBP, Register.RSP,
        Register.R8, Register.R9, Register.R10, Register.R11, Register.R12, Register.R13, Register.R14, Register.R15,
    ];

    private static readonly Register[] s_kept =
        [Register.RBX, Register.RBP, Register.RSP, Register.R12, Register.R13, Register.R14, Register.R15];

    private readonly ulong[] _ends = new ulong[s_registers.Length];
    private readonly List<ulong> _calls = [];
    private readonly List<ulong>[] _overwrites = [.. s_registers.Select(_ => new List<ulong>())];
    private readonly int[] _writes = new int[s_registers.Length];
    private readonly ulong[] _written = new ulong[s_registers.Length];
    private readonly ulong[] _restored = new ulong[s_registers.Length];
    private bool _restores;
    private bool _goesOnAfterRestore;

    private RegisterLives(ulong end)
    {
        Array.Fill(_ends, end);
        Array.Fill(_restored, end);
    }

    /// <summary>Looks at the code of a function.</summary>
    public static RegisterLives Of(byte[] code, ulong address)
    {
        RegisterLives lives = new(address + (ulong)code.Length);
        List<(ulong From, ulong To)> jumps = [];
        InstructionInfoFactory facts = new();
        Decoder decoder = Decoder.Create(64, code, address);
        while (decoder.IP < address + (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                // Data among the code, or damage: nothing is known of it.
                Array.Fill(lives._ends, address);
                return lives;
            }

            lives.Note(instruction, facts);
            lives.NoteRestore(instruction, address, address + (ulong)code.Length);
            if (instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch)
            {
                jumps.Add((instruction.IP, instruction.Op0Kind == OpKind.NearBranch64 ? instruction.NearBranchTarget : address));
            }
            else if (instruction.FlowControl == FlowControl.IndirectBranch)
            {
                jumps.Add((instruction.IP, address));
            }
        }

        lives.CutAtJumps(jumps, address);
        lives.LeaveOutJumpedOver(jumps, address);
        return lives;
    }

    /// <summary>First address at which a register may hold something else.</summary>
    /// <param name="register">DWARF's number of a general register.</param>
    public ulong EndOf(int register) => _ends[register];

    /// <summary>Where a register that calls keep holds the one value that the function gives it; else empty.</summary>
    /// <param name="register">DWARF's number of a general register.</param>
    public (ulong From, ulong To) OnlyValueOf(int register)
    {
        bool isOnly = !_goesOnAfterRestore && _writes[register] == 1 && _written[register] < _restored[register]
            && s_registers[register] is not (Register.RBP or Register.RSP) && IsKeptByCalls(register);
        return isOnly ? (_written[register], _restored[register]) : (0, 0);
    }

    /// <summary>Whether a call leaves a register as it was. Registers that are not general ones are nobody's.</summary>
    public static bool IsKeptByCalls(int register) => register < s_registers.Length && s_kept.Contains(s_registers[register]);

    /// <summary>The first instruction in a stretch of addresses behind which a register that calls change has lost its value: a
    /// call, or one that writes it whatever it held. The end when there is none.</summary>
    /// <remarks>An instruction at the start gives the value. One that reads what it writes goes on with it.</remarks>
    /// <param name="register">DWARF's number of a register. Of those that are not general only calls are known.</param>
    /// <param name="from">First address.</param>
    /// <param name="to">First address behind.</param>
    public ulong FirstLossIn(int register, ulong from, ulong to)
    {
        ulong call = FirstIn(_calls, from, to);
        return register < _overwrites.Length ? ulong.Min(call, FirstIn(_overwrites[register], from + 1, to)) : call;
    }

    private static ulong FirstIn(List<ulong> addresses, ulong from, ulong to)
    {
        int index = addresses.BinarySearch(from);
        index = index < 0 ? ~index : index;
        return index < addresses.Count && addresses[index] < to ? addresses[index] : to;
    }

    private void Note(in Instruction instruction, InstructionInfoFactory facts)
    {
        // The register still holds its value where the instruction begins, which is where a core stops before it.
        ulong end = instruction.IP + 1;
        if (instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall)
        {
            _calls.Add(instruction.IP);
            for (int register = 0; register < _ends.Length; register++)
            {
                _ends[register] = IsKeptByCalls(register) ? _ends[register] : ulong.Min(_ends[register], end);
            }
        }

        foreach (UsedRegister used in facts.GetInfo(instruction).GetUsedRegisters())
        {
            int register = Array.IndexOf(s_registers, used.Register.GetFullRegister());
            if (register >= 0 && used.Access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.None))
            {
                _ends[register] = ulong.Min(_ends[register], end);
                if (used.Access == OpAccess.Write && (_overwrites[register] is not [.., var last] || last != instruction.IP))
                {
                    _overwrites[register].Add(instruction.IP);
                }

                if (instruction.Mnemonic == Mnemonic.Pop)
                {
                    _restored[register] = ulong.Min(_restored[register], end);
                }
                else
                {
                    (_writes[register], _written[register]) = (_writes[register] + 1, instruction.NextIP);
                }
            }
        }
    }

    /// <summary>Behind a POP come others, and then the function is left: nothing of it runs with the caller's values.</summary>
    private void NoteRestore(in Instruction instruction, ulong start, ulong end)
    {
        bool leaves = instruction.FlowControl == FlowControl.Return
            || (instruction.FlowControl == FlowControl.UnconditionalBranch && instruction.Op0Kind == OpKind.NearBranch64
                && (instruction.NearBranchTarget < start || instruction.NearBranchTarget >= end));
        bool isRestore = instruction.Mnemonic == Mnemonic.Pop;
        _goesOnAfterRestore |= _restores && !isRestore && !leaves;
        _restores = isRestore;
    }

    /// <summary>A value is nobody's where a jump leads past the instruction that gives it.</summary>
    private void LeaveOutJumpedOver(List<(ulong From, ulong To)> jumps, ulong address)
    {
        for (int register = 0; register < _writes.Length; register++)
        {
            ulong written = _written[register];

            // Jumps that may lead anywhere are noted as leading to the start.
            bool isJumpedOver = _writes[register] == 1
                && jumps.Exists(jump => jump.From < written && (jump.To >= written || jump.To == address));
            _writes[register] += isJumpedOver ? 1 : 0;
        }
    }

    /// <summary>A jump from behind the end to before it brings another value there.</summary>
    private void CutAtJumps(List<(ulong From, ulong To)> jumps, ulong address)
    {
        // The lowest place that this jump or a later one leads to.
        ulong[] lowest = new ulong[jumps.Count];
        ulong least = ulong.MaxValue;
        for (int index = jumps.Count - 1; index >= 0; index--)
        {
            // Out of the function is no way back into it.
            least = jumps[index].To < address ? least : ulong.Min(least, jumps[index].To);
            lowest[index] = least;
        }

        for (int register = 0; register < _ends.Length; register++)
        {
            int next = FirstFrom(jumps, _ends[register]);
            while (next < jumps.Count && lowest[next] < _ends[register])
            {
                _ends[register] = lowest[next];
                next = FirstFrom(jumps, _ends[register]);
            }
        }
    }

    private static int FirstFrom(List<(ulong From, ulong To)> jumps, ulong address)
    {
        int low = 0;
        int high = jumps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = jumps[middle].From < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
