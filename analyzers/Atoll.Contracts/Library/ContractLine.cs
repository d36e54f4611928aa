namespace Atoll.Contracts.Library;

/// <summary>What one line of a contract list says about one member.</summary>
/// <remarks>
/// <code>
/// M:System.Math.Abs(System.Int32) GLtRB
/// M:System.Collections.Generic.Dictionary`2.TryGetValue(`0,`1@) GLtRB if 0 c
/// </code>
/// A capital letter is kept, a small one is broken, none is not known. After <c>if</c>: type parameters (the type's first,
/// then the method's) that must be tame types, and letters of <see cref="Assumptions"/>.
/// </remarks>
internal readonly record struct ContractLine(Guarantees Keeps, Guarantees Breaks, int TameParameters, Assumptions Assumed)
{
    /// <summary>Reads a line. False when it is none: then <paramref name="error"/> says why.</summary>
    public static bool TryParse(string text, out string member, out ContractLine line, out string error)
    {
        member = string.Empty;
        line = default;
        error = string.Empty;
        string[] parts = text.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || parts[0].Length < 3 || parts[0][1] != ':')
        {
            error = $"'{text}' is not a documentation id and letters";
            return false;
        }

        member = parts[0];
        var keeps = Guarantees.None;
        var breaks = Guarantees.None;
        foreach (char letter in parts[1])
        {
            Guarantees named = Named(char.ToUpperInvariant(letter));
            if (named == Guarantees.None)
            {
                error = $"'{letter}' in '{text}' is none of GLTRB";
                return false;
            }

            keeps |= char.IsUpper(letter) ? named : Guarantees.None;
            breaks |= char.IsUpper(letter) ? Guarantees.None : named;
        }

        return TryParseConditions(parts, text, new ContractLine(keeps, breaks, 0, Assumptions.None), out line, out error);
    }

    private static bool TryParseConditions(string[] parts, string text, ContractLine plain, out ContractLine line, out string error)
    {
        line = plain;
        error = string.Empty;
        for (int index = 2; index < parts.Length; index++)
        {
            if (AssumedBy(parts[index]) is var assumed and not Assumptions.None)
            {
                line = line with { Assumed = line.Assumed | assumed };
            }
            else if (int.TryParse(parts[index], out int parameter) && parameter is >= 0 and < 31)
            {
                line = line with { TameParameters = line.TameParameters | (1 << parameter) };
            }
            else if (parts[index] != "if" || index != 2)
            {
                error = $"'{parts[index]}' in '{text}' is no condition";
                return false;
            }
        }

        return true;
    }

    private static Assumptions AssumedBy(string word) =>
        word switch
        {
            "c" => Assumptions.Comparer,
            "f" => Assumptions.Format,
            "m" => Assumptions.Memory,
            "s" => Assumptions.StandardFormat,
            "a" => Assumptions.SameArrays,
            _ => Assumptions.None,
        };

    private static Guarantees Named(char letter)
    {
        foreach ((Guarantees guarantee, char name, _) in GuaranteeNames.Each)
        {
            if (name == letter)
            {
                return guarantee;
            }
        }

        return Guarantees.None;
    }
}
