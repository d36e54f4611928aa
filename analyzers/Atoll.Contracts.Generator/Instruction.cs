using System.Reflection;
using System.Reflection.Emit;

namespace Atoll.Contracts.Generator;

/// <summary>One IL instruction. Branch targets are offsets.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Code">What it does.</param>
/// <param name="Operand">Token, constant or target; 0 when it has none.</param>
/// <param name="Targets">Where it may branch to.</param>
internal sealed record Instruction(int Offset, OpCode Code, long Operand, int[] Targets)
{
    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Decodes a body (ECMA-335, III.1.9 and following).</summary>
    public static List<Instruction> Decode(byte[] il)
    {
        List<Instruction> instructions = [];
        int position = 0;
        while (position < il.Length)
        {
            int start = position;
            short value = il[position++];
            if (value == 0xFE)
            {
                value = (short)(0xFE00 | il[position++]);
            }

            OpCode code = s_codes[value];
            (long operand, int[] targets, position) = ReadOperand(il, position, code);
            instructions.Add(new Instruction(start, code, operand, targets));
        }

        return instructions;
    }

    private static (long Operand, int[] Targets, int Next) ReadOperand(byte[] il, int at, OpCode code)
    {
        switch (code.OperandType)
        {
            case OperandType.InlineNone:
                return (0, [], at);
            case OperandType.ShortInlineBrTarget:
                return (0, [at + 1 + (sbyte)il[at]], at + 1);
            case OperandType.InlineBrTarget:
                return (0, [at + 4 + BitConverter.ToInt32(il, at)], at + 4);
            case OperandType.ShortInlineI or OperandType.ShortInlineVar:
                return ((sbyte)il[at], [], at + 1);
            case OperandType.InlineVar:
                return (BitConverter.ToInt16(il, at), [], at + 2);
            case OperandType.InlineI8 or OperandType.InlineR:
                return (BitConverter.ToInt64(il, at), [], at + 8);
            case OperandType.InlineSwitch:
                int count = BitConverter.ToInt32(il, at);
                int next = at + 4 + (count * 4);
                return (count, [.. Enumerable.Range(0, count).Select(index => next + BitConverter.ToInt32(il, at + 4 + (index * 4)))], next);
            default:
                return (BitConverter.ToInt32(il, at), [], at + 4);
        }
    }
}
