using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary>Reads lines and does what they say, until there are no more.</summary>
internal readonly struct ShellSession
{
    private readonly Surroundings _around;

    internal ShellSession(in ProgramStart start) => _around = new Surroundings(in start);

    /// <summary>Says who is there.</summary>
    internal void Greet()
    {
        ProgramName name = default;
        Span<byte> field = Text.FieldOf(ref name);
        uint programs = 0;
        if (_around.System.Programs(field, out uint length, out uint count) == CallResult.Ok)
        {
            programs = count;
        }
        else
        {
            length = 0;
        }

        TextBuffer text = default;
        text.Add("\nAtoll, system '"u8);
        text.Add(field.Slice(0, (int)length));
        text.Add("', "u8);
        text.Add(programs);
        text.Add(" programs, core "u8);
        text.Add(_around.Core);
        text.Add(" of "u8);
        text.Add(_around.Cores);
        text.Add(". 'help' lists what you can ask.\n"u8);
        _around.Print(in text);
    }

    /// <summary>Reads and does.</summary>
    internal void Run(ref Informants informants)
    {
        LineField line = default;
        uint length = 0;
        while (true)
        {
            Span<byte> field = LineField.Of(ref line);
            CallResult asked = _around.Console.ReadLine(
                "atoll> "u8, field.Slice(0, (int)length), field, out uint read, out ConsoleResult result);
            length = 0;
            if (asked == CallResult.PeerDied)
            {
                continue;
            }

            if (asked != CallResult.Ok || result == ConsoleResult.Ended)
            {
                break;
            }

            if (result == ConsoleResult.Complete)
            {
                length = Completion.Complete(in _around, ref line, read);
            }
            else if (result == ConsoleResult.Line)
            {
                Words words = Words.Of(field.Slice(0, (int)read));
                Catalogue.Do(in _around, ref informants, in words);
            }
        }

        Leaving.Halt(in _around);
    }
}

/// <summary>Room for a line.</summary>
[InlineArray(Capacity)]
internal struct LineField
{
    internal const int Capacity = 128;

    private byte _byte0;

    [Trusted(Safety = "The structure has so many bytes, and is nothing else.")]
    internal static Span<byte> Of(ref LineField field) => MemoryMarshal.CreateSpan(ref field[0], Capacity);
}
