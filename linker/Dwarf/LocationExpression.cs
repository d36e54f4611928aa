using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>A location that is a register, or two of them side by side (DWARF 4, 2.6.1.1.2 and 2.6.1.2).</summary>
/// <param name="First">DWARF's number of the register that has the first bytes.</param>
/// <param name="Second">The one that has the bytes behind it, or null.</param>
/// <param name="SecondOffset">Where the second one's operation is in the expression.</param>
internal readonly record struct LocationExpression(int First, int? Second, int SecondOffset)
{
    // System V ABI AMD64, "Passing": the registers that arguments come in, in this order, by DWARF's numbers.
    private static readonly int[] s_arguments = [5, 4, 1, 2, 8, 9];

    /// <summary>Whether arguments come in a register.</summary>
    public static bool IsOfArguments(int register) => s_arguments.Contains(register);

    /// <summary>Whether the register with the first bytes comes right behind the one with the last: ILC 10.0.14 writes the
    /// two of a span in this order, and they are passed in the other one.</summary>
    public bool IsReversed => Second is { } second
        && Array.IndexOf(s_arguments, First) is > 0 and int place && s_arguments[place - 1] == second;

    /// <summary>Writes the two registers of a span in the order in which they are passed.</summary>
    /// <param name="expression">What this was read from.</param>
    public void TurnRound(Span<byte> expression)
    {
        if (IsReversed && Second is { } second)
        {
            expression[0] = (byte)(DW_OP_reg0 + second);
            expression[SecondOffset] = (byte)(DW_OP_reg0 + First);
        }
    }

    /// <summary>Reads an expression; null when it is another one.</summary>
    public static LocationExpression? Read(ReadOnlySpan<byte> expression)
    {
        if (expression is [>= DW_OP_reg0 and <= DW_OP_reg31])
        {
            return new LocationExpression(expression[0] - DW_OP_reg0, null, 0);
        }

        // Sizes of pieces below 128 take one byte.
        return expression is [>= DW_OP_reg0 and <= DW_OP_reg31, DW_OP_piece, < 0x80, >= DW_OP_reg0 and <= DW_OP_reg31, DW_OP_piece, < 0x80]
            ? new LocationExpression(expression[0] - DW_OP_reg0, expression[3] - DW_OP_reg0, 3)
            : null;
    }
}
