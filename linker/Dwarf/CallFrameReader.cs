using Atoll.Linker.Binary;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>Reads the <c>.eh_frame</c> section of an object.</summary>
/// <remarks>
/// Addresses in it are relocations. The language-specific data of exception handling is passed over: nothing is caught.
/// Source: Linux Standard Base Core, "Exception Frames"; DWARF 4, 6.4 "Call Frame Information".
/// </remarks>
public sealed class CallFrameReader
{
    private readonly InputObject _input;
    private readonly ElfSection _section;
    private readonly Dictionary<ulong, ElfRelocation> _relocations = [];
    private readonly Dictionary<ulong, Cie> _commons = [];
    private readonly List<FrameDescription> _read = [];

    private CallFrameReader(InputObject input, ElfSection section)
    {
        _input = input;
        _section = section;
        foreach (ElfRelocation relocation in section.Relocations)
        {
            _relocations.TryAdd(relocation.Offset, relocation);
        }
    }

    /// <summary>Reads a section.</summary>
    /// <returns>All descriptions of code that is in a piece; null when the section is damaged.</returns>
    public static List<FrameDescription>? Read(InputObject input, ElfSection section)
    {
        CallFrameReader reader = new(input, section);
        return reader.Read() ? reader._read : null;
    }

    private bool Read()
    {
        ReadOnlySpan<byte> bytes = _section.Content.Span;
        ByteCursor cursor = new(bytes);
        while (!cursor.IsAtEnd)
        {
            ulong start = (ulong)cursor.Position;
            uint length = cursor.U32();
            if (length == 0)
            {
                return !cursor.Failed;
            }

            int body = cursor.Position;
            cursor.Take(length);
            if (cursor.Failed || length == uint.MaxValue || !ReadEntry(start, body, (int)length))
            {
                return false;
            }
        }

        return !cursor.Failed;
    }

    private bool ReadEntry(ulong start, int body, int length)
    {
        // Relocations count from the start of the section: so read from there, and cut at the end of the entry.
        ByteCursor cursor = new(_section.Content.Span[..(body + length)]);
        cursor.Seek((ulong)body);
        uint pointer = cursor.U32();
        if (cursor.Failed)
        {
            return false;
        }

        if (pointer == 0)
        {
            return ReadCommon(start, ref cursor, body + length);
        }

        // In .eh_frame, the distance back from the pointer itself to the CIE.
        ulong common = (ulong)body - pointer;
        return pointer <= body && _commons.TryGetValue(common, out Cie? cie)
            && ReadDescription(cie, ref cursor, body + length);
    }

    private bool ReadCommon(ulong start, ref ByteCursor cursor, int end)
    {
        byte version = cursor.U8();
        string augmentation = cursor.String();
        ulong codeAlignment = cursor.Uleb();
        long dataAlignment = cursor.Sleb();
        ulong returnAddress = version == 1 ? cursor.U8() : cursor.Uleb();
        if (cursor.Failed || version is not (1 or 3) || (augmentation.Length > 0 && augmentation[0] != 'z'))
        {
            return false;
        }

        byte pointerEncoding = DW_EH_PE_absptr;
        if (augmentation.Length > 0)
        {
            ulong size = cursor.Uleb();
            ulong after = (ulong)cursor.Position + size;
            if (size > (ulong)end || !ReadAugmentation(augmentation, ref cursor, out pointerEncoding))
            {
                return false;
            }

            cursor.Seek(after);
        }

        // Its instructions are run again for each function: few, as in every compiler's.
        if (cursor.Failed || cursor.Position > end || end - cursor.Position > CommonFrame.InstructionBytesMax)
        {
            return false;
        }

        CommonFrame frame = new(
            codeAlignment,
            dataAlignment,
            returnAddress,
            augmentation.Contains('S'),
            _section.Content[cursor.Position..end]);
        _commons[start] = new Cie(frame, pointerEncoding, augmentation.Length > 0);
        return true;
    }

    private static bool ReadAugmentation(string augmentation, ref ByteCursor cursor, out byte pointerEncoding)
    {
        pointerEncoding = DW_EH_PE_absptr;
        foreach (char letter in augmentation.AsSpan(1))
        {
            switch (letter)
            {
                case 'R':
                    pointerEncoding = cursor.U8();
                    break;
                case 'L':
                    cursor.U8();
                    break;
                case 'S':
                    break;
                default:
                    return false;
            }
        }

        return !cursor.Failed;
    }

    private bool ReadDescription(Cie cie, ref ByteCursor cursor, int end)
    {
        if (cie.PointerEncoding != (DW_EH_PE_pcrel | DW_EH_PE_sdata4) && cie.PointerEncoding != DW_EH_PE_absptr)
        {
            return false;
        }

        bool isShort = cie.PointerEncoding != DW_EH_PE_absptr;
        ulong place = (ulong)cursor.Position;
        cursor.Take(isShort ? 4u : 8u);
        ulong length = isShort ? cursor.U32() : cursor.U64();
        if (cie.HasAugmentation)
        {
            cursor.Take(cursor.Uleb());
        }

        if (cursor.Failed || cursor.Position > end || !_relocations.TryGetValue(place, out ElfRelocation relocation))
        {
            return false;
        }

        return AddDescription(cie, relocation, length, _section.Content[cursor.Position..end]);
    }

    private bool AddDescription(Cie cie, ElfRelocation relocation, ulong length, ReadOnlyMemory<byte> instructions)
    {
        if (_input.ResolveField(relocation) is not { } start)
        {
            return false;
        }

        bool isInside = start.Offset <= start.Piece.SizeBytes && length <= start.Piece.SizeBytes - start.Offset;
        if (isInside)
        {
            _read.Add(new FrameDescription(cie.Frame, start.Piece, start.Offset, length, instructions));
        }

        return isInside;
    }

    private sealed record Cie(CommonFrame Frame, byte PointerEncoding, bool HasAugmentation);
}
