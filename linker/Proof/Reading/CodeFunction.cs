using Iced.Intel;

namespace Atoll.Linker.Proof.Reading;

/// <summary>A function of the image, decoded from its first byte to its last.</summary>
/// <param name="name">Symbol.</param>
/// <param name="address">Address that its first instruction runs at.</param>
/// <param name="sizeBytes">Bytes.</param>
/// <param name="bitness">Mode of the processor: 16, 32 or 64.</param>
/// <param name="instructions">All instructions, ascending and without gaps.</param>
public sealed class CodeFunction(string name, ulong address, ulong sizeBytes, int bitness, Instruction[] instructions)
{
    /// <summary>Symbol.</summary>
    public string Name => name;

    /// <summary>Address that its first instruction runs at. Copied code runs elsewhere than it lies.</summary>
    public ulong Address => address;

    /// <summary>First address behind it.</summary>
    public ulong End => address + sizeBytes;

    /// <summary>Mode of the processor: 16, 32 or 64.</summary>
    public int Bitness => bitness;

    /// <summary>All instructions, ascending and without gaps.</summary>
    public ReadOnlySpan<Instruction> Instructions => instructions;

    /// <summary>Whether an address lies in it.</summary>
    public bool Holds(ulong candidate) => unchecked(candidate - address) < sizeBytes;

    /// <summary>Index of the instruction that begins at an address; negative when none does.</summary>
    public int IndexOf(ulong candidate)
    {
        int low = 0;
        int high = instructions.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            ulong found = instructions[middle].IP;
            if (found == candidate)
            {
                return middle;
            }

            (low, high) = found < candidate ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <inheritdoc/>
    public override string ToString() => Map.MethodNames.Readable(name);
}
