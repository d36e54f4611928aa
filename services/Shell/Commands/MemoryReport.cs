using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>mem</c>: what memory the instance has.</summary>
internal static class MemoryReport
{
    internal static void Show(in Surroundings around)
    {
        if (around.System.Memory(out ulong free, out ulong total) != CallResult.Ok)
        {
            around.Print("Init does not answer\n"u8);
            return;
        }

        TextBuffer text = default;
        text.Add("instance   "u8);
        Amount(ref text, total);
        text.Add("\nfree       "u8);
        Amount(ref text, free);
        text.Add("\n"u8);
        around.Print(in text);
        uint count = Programs.Count(in around);
        ProgramName name = default;
        for (uint program = 0; program < count; program++)
        {
            if (Programs.TryDescribe(in around, program, ref name, out ProgramFacts facts) && facts.MemoryBytes != 0)
            {
                text.Clear();
                text.AddPadded(Text.FieldOf(ref name).Slice(0, (int)facts.NameLength), 11);
                Amount(ref text, facts.MemoryBytes);
                text.Add("\n"u8);
                around.Print(in text);
            }
        }
    }

    private static void Amount(ref TextBuffer text, ulong bytes)
    {
        text.AddAligned(bytes / 1024, 8);
        text.Add(" KiB"u8);
    }
}
