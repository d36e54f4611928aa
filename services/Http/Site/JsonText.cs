using System;
using Atoll.Services.Http.Engine;

namespace Atoll.Services.Http;

/// <summary>Writes members of JSON objects. Source: RFC 8259.</summary>
internal static class JsonText
{
    /// <summary>Adds a member that is a number, with a comma before it.</summary>
    internal static void Add(ref ByteWriter to, ReadOnlySpan<byte> name, ulong value)
    {
        to.Add(",\""u8);
        to.Add(name);
        to.Add("\":"u8);
        to.Add(value);
    }

    /// <summary>Adds text in quotes. What would need an escape becomes a question mark: names have nothing of it.</summary>
    internal static void AddText(ref ByteWriter to, scoped ReadOnlySpan<byte> text)
    {
        to.Add((byte)'"');
        for (int index = 0; index < text.Length; index++)
        {
            byte value = text[index];
            to.Add(value is >= (byte)' ' and < 127 and not ((byte)'"' or (byte)'\\') ? value : (byte)'?');
        }

        to.Add((byte)'"');
    }
}
