using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Hello;

/// <summary>The least that a program can do: it says hello, and ends.</summary>
public static class HelloProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        ConsoleClient console = new(start.Find("console"u8));
        TextBuffer text = default;
        text.Add("hello from '"u8);
        text.Add(start.Name);
        text.Add("' on core "u8);
        text.Add(start.Core);
        text.Add("\n"u8);
        CallResult written = console.Write(TextBuffer.View(in text), out _);
        ProgramExit.End(written == CallResult.Ok ? (byte)0 : (byte)1);
    }
}
