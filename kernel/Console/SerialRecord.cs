using System;
using Atoll.Base;

namespace Atoll.Console;

/// <summary>Writes one line for programs: <c>@name key=value …</c> (docs/serial.md). Begin, keys, end.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static class SerialRecord
{
    /// <summary>Begins a record.</summary>
    public static void Begin(ReadOnlySpan<byte> name)
    {
        SerialConsole.Text("@"u8);
        SerialConsole.Text(name);
    }

    /// <summary>Adds a decimal number.</summary>
    public static void Number(ReadOnlySpan<byte> key, ulong value)
    {
        Key(key);
        SerialConsole.Decimal(value);
    }

    /// <summary>Adds an address or a register.</summary>
    public static void Address(ReadOnlySpan<byte> key, ulong value)
    {
        Key(key);
        SerialConsole.Hex(value);
    }

    /// <summary>Adds a word of the kernel's own.</summary>
    public static void Word(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key(key);
        SerialConsole.Text(value);
    }

    /// <summary>Adds bytes in hexadecimal.</summary>
    public static void Bytes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key(key);
        SerialConsole.HexBytes(value);
    }

    /// <summary>Ends the record.</summary>
    public static void End() => SerialConsole.EndLine();

    private static void Key(ReadOnlySpan<byte> key)
    {
        SerialConsole.Text(" "u8);
        SerialConsole.Text(key);
        SerialConsole.Text("="u8);
    }
}
