using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>mem</c>: what memory the instances have.</summary>
internal static class MemoryReport
{
    internal static void Show(in Surroundings around, ref Informants informants)
    {
        CoreSet answering = informants.Ask();
        for (uint core = 0; core < informants.Cores; core++)
        {
            if (answering.Has(core))
            {
                ShowOn(in around, ref informants, core);
            }
        }

        informants.TellSilent(in around, answering);
        if (around.HasMemory)
        {
            Quotas(in around);
        }
    }

    private static void ShowOn(in Surroundings around, ref Informants informants, uint core)
    {
        if (!informants.TryMemory(core, out ulong free, out ulong total))
        {
            around.Print("Init does not answer\n"u8);
            return;
        }

        TextBuffer text = default;
        if (informants.HasAgents)
        {
            text.Add("core "u8);
            text.Add(core);
            text.Add("\n"u8);
        }

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
            if (informants.TryDescribe(core, program, ref name, out ProgramFacts facts) && facts.MemoryBytes != 0)
            {
                text.Clear();
                text.AddPadded(Text.FieldOf(ref name).Slice(0, (int)facts.NameLength), 11);
                Amount(ref text, facts.MemoryBytes);
                text.Add("\n"u8);
                around.Print(in text);
            }
        }
    }

    // What programs have besides, of the memory of the server that gives it.
    private static void Quotas(in Surroundings around)
    {
        TextBuffer text = default;
        for (uint index = 0;
            around.Memory.Describe(index, out ulong client, out ulong quota, out ulong used, out uint pieces, out MemoryAnswer answer) == CallResult.Ok
                && answer == MemoryAnswer.Done;
            index++)
        {
            text.Clear();
            text.Add("quota of "u8);
            Programs.AddName(in around, client, ref text, 15);
            Amount(ref text, used);
            text.Add(" of"u8);
            Amount(ref text, quota);
            text.Add(", pieces "u8);
            text.Add(pieces);
            text.Add("\n"u8);
            around.Print(in text);
        }
    }

    private static void Amount(ref TextBuffer text, ulong bytes)
    {
        text.AddAligned(bytes / 1024, 8);
        text.Add(" KiB"u8);
    }
}
