using System.Text;
using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;
using Iced.Intel;
using Decoder = Iced.Intel.Decoder;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Disassembles trampolines for people.</summary>
/// <remarks>Symbols instead of addresses, so that a listing changes with its own code only.</remarks>
internal static class Listing
{
    /// <summary>Listing of a code fragment with its call frame rows.</summary>
    public static string Of(CodeFragment fragment)
    {
        TrampolineImage image = new();
        StringBuilder text = new();
        text.Append($"; {fragment.Name}: {fragment.Place}, {fragment.Bitness} bit, {fragment.SizeBytes} bytes\n");
        byte[] bytes = image.Emit(fragment);
        Append(text, image, fragment, bytes, image[fragment.Name], fragment.Bitness, fragment.CallFrames);
        return text.ToString();
    }

    /// <summary>Listing of the three parts of the AP start code.</summary>
    public static string OfApStartCode()
    {
        TrampolineImage image = new();
        Fragment fragment = TrampolineImage.Find(ApStartCode.Symbol);
        byte[] page = image.Emit(fragment);
        StringBuilder text = new();
        Part(bitness: 16, 0, ApStartCode.ProtectedModeOffset);
        Part(bitness: 32, ApStartCode.ProtectedModeOffset, ApStartCode.LongModeOffset);
        Part(bitness: 64, ApStartCode.LongModeOffset, ApStartCode.DescriptorTableOffset);
        text.Append($"; tables\n{Convert.ToHexString(page[ApStartCode.DescriptorTableOffset..])}\n");
        return text.ToString();

        void Part(int bitness, int start, int end)
        {
            text.Append($"; {ApStartCode.Symbol} + 0x{start:x}: {bitness} bit\n");
            Append(text, image, fragment, page[start..end], ImageLayout.ApStartPage + (ulong)start, bitness, []);
        }
    }

    private static void Append(
        StringBuilder text,
        TrampolineImage image,
        Fragment fragment,
        byte[] bytes,
        ulong address,
        int bitness,
        IReadOnlyList<CallFrameRow> rows)
    {
        NasmFormatter formatter = new(
            new FormatterOptions
            {
                HexPrefix = "0x",
                HexSuffix = null,
                FirstOperandCharIndex = 9,
                SpaceAfterOperandSeparator = true,
            },
            new Symbols(image, fragment));
        StringOutput output = new();
        Decoder decoder = Decoder.Create(bitness, bytes, address);
        while (decoder.IP < address + (ulong)bytes.Length)
        {
            int offset = (int)(decoder.IP - address);
            foreach (CallFrameRow row in rows.Where(row => row.CodeOffset == offset))
            {
                text.Append($"; unwind: {row.Rule} {row.CfaOffset}, frame pointer slot {row.FramePointerSlot}\n");
            }

            decoder.Decode(out Instruction instruction);
            formatter.Format(instruction, output);
            text.Append($"{offset:x4}  {output.ToStringAndReset()}\n");
        }
    }

    /// <summary>Names an address by the symbols that the fragment refers to, or as a place in itself.</summary>
    private sealed class Symbols(TrampolineImage image, Fragment fragment) : ISymbolResolver
    {
        public bool TryGetSymbol(
            in Instruction instruction,
            int operand,
            int instructionOperand,
            ulong address,
            int addressSize,
            out SymbolResult symbol)
        {
            foreach (string name in fragment.References.Append(fragment.Name))
            {
                ulong start = image[name];
                ulong bytes = (ulong)(Catalogue.All.FirstOrDefault(other => other.Name == name)?.SizeBytes ?? 0);
                if (address >= start && address <= start + bytes)
                {
                    // Told the symbol's own address, the formatter adds the distance.
                    symbol = new SymbolResult(start, name);
                    return true;
                }
            }

            symbol = default;
            return false;
        }
    }
}
