using System;
using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Bytes that are text.</summary>
public static class Text
{
    /// <summary>A name without the zeros behind it.</summary>
    public static ReadOnlySpan<byte> OfName(ref readonly ProgramName name)
    {
        ReadOnlySpan<byte> bytes = OfField(in name);
        int length = 0;
        while (length < bytes.Length && bytes[length] != 0)
        {
            length++;
        }

        return bytes.Slice(0, length);
    }

    /// <summary>All bytes of a name, to write to.</summary>
    [Trusted(Safety = "The structure has so many bytes, and is nothing else.")]
    public static Span<byte> FieldOf(ref ProgramName name) => MemoryMarshal.CreateSpan(ref name[0], ProgramName.SizeBytes);

    /// <summary>All bytes of what a program is told.</summary>
    [Trusted(Safety = "The structure has so many bytes, and is nothing else.")]
    public static ReadOnlySpan<byte> OfArguments(ref readonly ProgramArguments arguments) =>
        MemoryMarshal.CreateReadOnlySpan(in arguments[0], ProgramArguments.SizeBytes);

    /// <summary>Whether two texts are the same bytes.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.Length != second.Length)
        {
            return false;
        }

        for (int index = 0; index < first.Length; index++)
        {
            if (first[index] != second[index])
            {
                return false;
            }
        }

        return true;
    }

    [Trusted(Safety = "The structure has so many bytes, and is nothing else.")]
    private static ReadOnlySpan<byte> OfField(ref readonly ProgramName name) =>
        MemoryMarshal.CreateReadOnlySpan(in name[0], ProgramName.SizeBytes);

    /// <summary>Whether a text begins with another.</summary>
    public static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && AreEqual(text.Slice(0, prefix.Length), prefix);
}
