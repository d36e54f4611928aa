using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>irq</c>: who serves which line, and how many interrupts came while programs ran, on each core or on one.</summary>
internal static class InterruptReport
{
    internal static void Show(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument)
    {
        CoreSet asked = informants.Ask(in around, argument);
        for (uint core = 0; core < informants.Cores; core++)
        {
            if (asked.Has(core))
            {
                ShowOn(in around, ref informants, core);
            }
        }
    }

    private static void ShowOn(in Surroundings around, ref Informants informants, uint core)
    {
        TextBuffer text = default;
        if (informants.TryFigures(core, out KernelFigures figures))
        {
            text.Add("core "u8);
            text.Add(core);
            text.Add(", interrupts while programs ran: "u8);
            text.Add(figures.Interrupts);
            text.Add("\n"u8);
            around.Print(in text);
        }

        uint count = Programs.Count(in around);
        ProgramName name = default;
        for (uint program = 0; program < count; program++)
        {
            if (informants.TryDescribe(core, program, ref name, out ProgramFacts facts) && facts.State == ProgramState.Running)
            {
                Lines(in around, ref informants, core, program, Text.FieldOf(ref name).Slice(0, (int)facts.NameLength));
            }
        }
    }

    private static void Lines(in Surroundings around, ref Informants informants, uint core, uint program, ReadOnlySpan<byte> name)
    {
        ProgramName line = default;
        for (uint slot = ProgramSlot.First; slot < 1u << ProgramSlot.RadixMax; slot++)
        {
            Span<byte> field = Text.FieldOf(ref line);
            CallResult result = informants.Slot(core, program, slot, field, out uint length, out uint type, out _, out _, out SystemAnswer answer);
            if (result != CallResult.Ok || answer != SystemAnswer.Done)
            {
                // Behind the last slot, or the program is gone.
                return;
            }

            if (type == (uint)CapabilityType.IrqHandler)
            {
                TextBuffer text = default;
                text.AddPadded(name, 15);
                text.Add(field.Slice(0, (int)length));
                text.Add("\n"u8);
                around.Print(in text);
            }
        }
    }
}
