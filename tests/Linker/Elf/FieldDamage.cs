using System.Buffers.Binary;
using System.Security.Cryptography;
using static Atoll.Linker.Elf.ElfNative;

namespace Atoll.Linker.Tests.Elf;

/// <summary>Damages a file field by field: what a format gives a meaning gets a value that hurts.</summary>
/// <remarks>
/// Bytes at random mostly hit contents. Here each round picks one field of a header, table entry, note, relocation, or length
/// in debug information, and gives it nothing, everything, a neighbour's value, or one more or less than it had. The bundle's
/// hashes are made good again, so that what lies behind them is reached.
/// </remarks>
internal sealed class FieldDamage
{
    private static readonly ulong[] s_values =
    [
        0, 1, 2, 7, 8, 0xFF, 0x100, 0xFFF, 0x1000, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000,
        0xFFFF_FFF0, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue - 7, ulong.MaxValue,
    ];

    // Offsets and bytes of fields: Elf64_Ehdr, Elf64_Shdr, Elf64_Phdr, Elf64_Sym, Elf64_Rela (gABI), notes.
    private static readonly (int, int)[] s_header =
        [(16, 2), (18, 2), (20, 4), (24, 8), (32, 8), (40, 8), (48, 4), (52, 2), (54, 2), (56, 2), (58, 2), (60, 2), (62, 2)];

    private static readonly (int, int)[] s_section =
        [(0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 4), (44, 4), (48, 8), (56, 8)];

    private static readonly (int, int)[] s_segment =
        [(0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 8), (48, 8)];

    private static readonly (int, int)[] s_symbol = [(0, 4), (4, 1), (5, 1), (6, 2), (8, 8), (16, 8)];
    private static readonly (int, int)[] s_relocation = [(0, 8), (8, 4), (12, 4), (16, 8)];
    private static readonly (int, int)[] s_note = [(0, 4), (4, 4), (8, 4)];

    // docs/bundle.md: header of 64 bytes, entries of 96.
    private static readonly (int, int)[] s_bundleHeader = [(0, 8), (8, 4), (12, 4), (16, 8), (24, 8), (32, 8)];
    private static readonly (int, int)[] s_bundleEntry = [(0, 8), (32, 4), (36, 4), (40, 8), (48, 8), (56, 8), (64, 8)];

    private readonly byte[] _good;
    private readonly List<(int Offset, int Bytes, int Stride)> _fields = [];
    private bool _isBundle;

    private FieldDamage(byte[] good) => _good = good;

    /// <summary>Fields of an object or image.</summary>
    public static FieldDamage OfElf(byte[] file)
    {
        FieldDamage damage = new(file);
        damage.Add(0, 1, SizeOfEhdr, s_header);
        int segments = (int)damage.U64(32);
        int sections = (int)damage.U64(40);
        damage.Add(segments, damage.U16(56), SizeOfPhdr, s_segment);
        damage.Add(sections, damage.U16(60), SizeOfShdr, s_section);
        for (int index = 0; index < damage.U16(60); index++)
        {
            int header = sections + (index * SizeOfShdr);
            (uint type, int start, int bytes) = (damage.U32(header + 4), (int)damage.U64(header + 24), (int)damage.U64(header + 32));
            switch (type)
            {
                case SHT_SYMTAB:
                    damage.Add(start, bytes / SizeOfSym, SizeOfSym, s_symbol);
                    break;
                case SHT_RELA:
                    damage.Add(start, bytes / SizeOfRela, SizeOfRela, s_relocation);
                    break;
                case SHT_NOTE:
                    damage.Add(start, 1, bytes, s_note);
                    break;
                case SHT_PROGBITS when bytes >= sizeof(uint) && damage.U64(header + 16) == 0:
                    // Debug information and call frames: lengths and offsets are words.
                    damage.Add(start, int.Min(bytes / sizeof(uint), 64), sizeof(uint), [(0, 4)]);
                    break;
                default:
                    break;
            }
        }

        return damage;
    }

    /// <summary>Fields of a bundle, and of the images in it.</summary>
    public static FieldDamage OfBundle(byte[] file, int entries)
    {
        FieldDamage damage = new(file) { _isBundle = true };
        damage.Add(0, 1, 64, s_bundleHeader);
        damage.Add(64, entries, 96, s_bundleEntry);
        return damage;
    }

    /// <summary>The file with one to three fields changed.</summary>
    public byte[] Next(Random random)
    {
        byte[] damaged = [.. _good];
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            (int offset, int bytes, int stride) = _fields[random.Next(_fields.Count)];
            Span<byte> field = damaged.AsSpan(offset, bytes);
            ulong old = Read(field);
            int neighbour = offset + (stride * random.Next(-2, 3));
            ulong value = random.Next(4) switch
            {
                0 => old + (ulong)random.Next(-2, 3),
                1 when neighbour >= 0 && neighbour + bytes <= damaged.Length => Read(damaged.AsSpan(neighbour, bytes)),
                _ => s_values[random.Next(s_values.Length)],
            };
            for (int index = 0; index < bytes; index++)
            {
                field[index] = (byte)(value >> (8 * index));
            }
        }

        if (_isBundle && random.Next(4) != 0)
        {
            Rehash(damaged);
        }

        return damaged;
    }

    private static void Rehash(byte[] bundle)
    {
        long entries = BinaryPrimitives.ReadUInt32LittleEndian(bundle.AsSpan(12));
        long end = 64 + (96 * entries);
        if (end <= bundle.Length)
        {
            SHA256.HashData(bundle.AsSpan(64, (int)end - 64)).CopyTo(bundle, 32);
        }
    }

    private static ulong Read(ReadOnlySpan<byte> field)
    {
        ulong value = 0;
        for (int index = field.Length - 1; index >= 0; index--)
        {
            value = (value << 8) | field[index];
        }

        return value;
    }

    private void Add(int start, int count, int stride, (int Offset, int Bytes)[] fields)
    {
        for (int index = 0; index < count; index++)
        {
            foreach ((int offset, int bytes) in fields)
            {
                if (start + (index * stride) + offset + bytes <= _good.Length)
                {
                    _fields.Add((start + (index * stride) + offset, bytes, stride));
                }
            }
        }
    }

    private ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_good.AsSpan(offset));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_good.AsSpan(offset));

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_good.AsSpan(offset));
}
