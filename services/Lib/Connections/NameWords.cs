using System;

namespace Atoll.Services.Lib;

/// <summary>A name in four words, so that a message of a ring holds it. Two are the same name when all words are the same.</summary>
public struct NameWords
{
    /// <summary>Most bytes of a name.</summary>
    public const int Most = 31;

    private const int BitsOfByte = 8;

    /// <summary>The first eight bytes, the first of them lowest.</summary>
    public ulong Word0;

    /// <summary>The next eight.</summary>
    public ulong Word1;

    /// <summary>The next eight.</summary>
    public ulong Word2;

    /// <summary>The last; its highest byte is 0.</summary>
    public ulong Word3;

    /// <summary>Packs a name.</summary>
    /// <param name="name">Bytes of a text.</param>
    /// <param name="words">The name.</param>
    /// <returns>False: it is empty, too long, or has a zero in it.</returns>
    public static bool TryOf(ReadOnlySpan<byte> name, out NameWords words)
    {
        words = default;
        if (name.Length is 0 or > Most)
        {
            return false;
        }

        for (int index = 0; index < name.Length; index++)
        {
            if (name[index] == 0)
            {
                return false;
            }

            ulong value = (ulong)name[index] << (index % sizeof(ulong) * BitsOfByte);
            switch (index / sizeof(ulong))
            {
                case 0:
                    words.Word0 |= value;
                    break;
                case 1:
                    words.Word1 |= value;
                    break;
                case 2:
                    words.Word2 |= value;
                    break;
                default:
                    words.Word3 |= value;
                    break;
            }
        }

        return true;
    }

    /// <summary>Whether it is the same name.</summary>
    public readonly bool Is(in NameWords other) =>
        Word0 == other.Word0 && Word1 == other.Word1 && Word2 == other.Word2 && Word3 == other.Word3;
}
