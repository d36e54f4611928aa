using Iced.Intel;

namespace Atoll.Linker.Proof.Reading;

/// <summary>All functions of an image by the address that they run at.</summary>
public sealed class CodeMap
{
    // Functions up to here are decoded once, into memory that all of them share: an instruction has a byte at least.
    private const int ShortBytes = 4096;

    private readonly CodeFunction[] _functions;
    private readonly ILookup<string, CodeFunction> _byName;

    private CodeMap(IEnumerable<CodeFunction> functions)
    {
        _functions = [.. functions.OrderBy(function => function.Address)];
        _byName = _functions.ToLookup(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>All functions, ascending.</summary>
    public IReadOnlyList<CodeFunction> Functions => _functions;

    /// <summary>Instructions of all functions.</summary>
    public int InstructionCount => _functions.Sum(function => function.Instructions.Length);

    /// <summary>The function that an address lies in, or null.</summary>
    public CodeFunction? At(ulong address)
    {
        int low = 0;
        int high = _functions.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _functions[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && _functions[low - 1].Holds(address) ? _functions[low - 1] : null;
    }

    /// <summary>All functions of a name.</summary>
    public IEnumerable<CodeFunction> Named(string name) => _byName[name];

    /// <summary>Functions that begin in a stretch of addresses.</summary>
    public IEnumerable<CodeFunction> Within(ulong address, ulong sizeBytes)
    {
        int low = 0;
        int high = _functions.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _functions[middle].Address < address ? (middle + 1, high) : (low, middle);
        }

        for (; low < _functions.Length && _functions[low].Address - address < sizeBytes; low++)
        {
            yield return _functions[low];
        }
    }

    /// <summary>The function whose first instruction is at an address, or null.</summary>
    public CodeFunction? StartingAt(ulong address) =>
        At(address) is { } function && function.Address == address ? function : null;

    /// <summary>Decodes every function that the symbols name, and the code that claims say is copied
    /// elsewhere.</summary>
    /// <returns>Null after a finding: the rest of the proof needs to know every instruction.</returns>
    public static CodeMap? Read(ProofContext proof)
    {
        WrittenImage image = proof.Image;
        Instruction[] scratch = new Instruction[ShortBytes];
        List<CodeFunction> functions = [];
        bool isGood = true;
        foreach (WrittenSymbol symbol in Innermost(image))
        {
            int bitness = proof.Claims.BitnessOf(symbol.Name);
            isGood &= Add(symbol.Name, image.At(symbol.Address, symbol.SizeBytes), symbol.SizeBytes, symbol.Address, bitness);
        }

        foreach (CopiedClaim copied in proof.Claims.Copied)
        {
            ReadOnlyMemory<byte> bytes = image.At(copied.Address, copied.SizeBytes);
            isGood &= Add(copied.Name, bytes, copied.SizeBytes, copied.RunsAt, copied.Bitness);
        }

        CodeMap map = new(functions);
        if (proof.Claims.IsProgram && (proof.Claims.Copied.Count > 0 || functions.Exists(function => function.Bitness != 64)))
        {
            proof.ReportUnreadable("A program has 64-bit code only, and runs where it lies.");
            return null;
        }

        return isGood && AreClaimsClear(proof) && map.IsDisjoint(proof) ? map : null;

        bool Add(string name, ReadOnlyMemory<byte> bytes, ulong sizeBytes, ulong address, int bitness)
        {
            if (bytes.Length > 0 && Decode(bytes, address, bitness, scratch) is { } instructions)
            {
                functions.Add(new CodeFunction(name, address, sizeBytes, bitness, instructions));
                return true;
            }

            proof.ReportUnreadable($"'{Map.MethodNames.Readable(name)}' has bytes that are no whole instruction.", name);
            return false;
        }
    }

    /// <summary>Function symbols in executable segments, each byte once: of nested ones the inner, of equal ones the
    /// first.</summary>
    private static IEnumerable<WrittenSymbol> Innermost(WrittenImage image)
    {
        WrittenSymbol[] symbols =
        [
            .. image.Symbols
                .Where(symbol => symbol.IsFunction && symbol.SizeBytes > 0)
                .Where(symbol => image.Loads.Any(load => load.IsExecutable && load.Holds(symbol.Address)))
                .OrderBy(symbol => symbol.Address)
                .ThenBy(symbol => symbol.SizeBytes)
                .DistinctBy(symbol => (symbol.Address, symbol.SizeBytes)),
        ];
        for (int index = 0; index < symbols.Length; index++)
        {
            // The inner ones of a fragment begin where it begins and end where it ends.
            bool isOuter = index > 0 && symbols[index - 1].Address == symbols[index].Address;
            if (!isOuter)
            {
                yield return symbols[index];
            }
        }
    }

    /// <summary>A claim about a name that two places have would hold for both.</summary>
    private static bool AreClaimsClear(ProofContext proof)
    {
        HashSet<string> claimed = [.. proof.Claims.Names];
        HashSet<(string Name, ulong Address)> places =
        [
            .. proof.Image.Symbols.Where(symbol => claimed.Contains(symbol.Name)).Select(symbol => (symbol.Name, symbol.Address)),
        ];
        string? shared = places.GroupBy(place => place.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (shared is not null)
        {
            proof.ReportUnreadable($"Two places are called '{shared}', about which the image claims something.", shared);
        }

        return shared is null;
    }

    private static Instruction[]? Decode(ReadOnlyMemory<byte> bytes, ulong address, int bitness, Instruction[] scratch)
    {
        byte[] code = bytes.ToArray();
        if (code.Length <= scratch.Length)
        {
            return Fill(code, address, bitness, scratch, out int few) ? scratch[..few] : null;
        }

        // Counted first: an instruction takes forty times the memory of its one byte, and must not take more.
        return Fill(code, address, bitness, [], out int count) && new Instruction[count] is { } exact && Fill(code, address, bitness, exact, out _) ? exact : null;
    }

    /// <summary>Decodes, fills the array as far as it goes, and counts.</summary>
    /// <returns>False when a byte belongs to no instruction.</returns>
    private static bool Fill(byte[] code, ulong address, int bitness, Instruction[] instructions, out int count)
    {
        Decoder decoder = Decoder.Create(bitness, code, address);
        ulong end = address + (ulong)code.Length;
        count = 0;
        while (decoder.IP < end)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                return false;
            }

            if (count < instructions.Length)
            {
                instructions[count] = instruction;
            }

            count++;
        }

        return true;
    }

    private bool IsDisjoint(ProofContext proof)
    {
        for (int index = 1; index < _functions.Length; index++)
        {
            if (_functions[index - 1].End > _functions[index].Address)
            {
                proof.ReportUnreadable(
                    $"'{_functions[index]}' begins inside '{_functions[index - 1]}'.", _functions[index].Name);
                return false;
            }
        }

        return true;
    }
}
