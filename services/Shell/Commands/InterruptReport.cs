using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>irq</c>: who serves which line, and how many interrupts came while programs ran.</summary>
internal static class InterruptReport
{
    internal static void Show(in Surroundings around)
    {
        TextBuffer text = default;
        if (around.Figures.Read(InstanceFigure.Interrupts, out ulong interrupts) == SystemResult.Ok)
        {
            text.Add("interrupts while programs ran: "u8);
            text.Add(interrupts);
            text.Add("\n"u8);
            around.Print(in text);
        }

        uint count = Programs.Count(in around);
        ProgramName name = default;
        for (uint program = 0; program < count; program++)
        {
            if (Programs.TryDescribe(in around, program, ref name, out ProgramFacts facts) && facts.State == ProgramState.Running)
            {
                Lines(in around, program, Text.FieldOf(ref name).Slice(0, (int)facts.NameLength));
            }
        }
    }

    private static void Lines(in Surroundings around, uint program, ReadOnlySpan<byte> name)
    {
        ProgramName line = default;
        for (uint slot = ProgramSlot.First; slot < 1u << ProgramSlot.Radix; slot++)
        {
            Span<byte> field = Text.FieldOf(ref line);
            if (around.System.Slot(program, slot, field, out uint length, out uint type, out _, out _, out SystemAnswer answer) == CallResult.Ok
                && answer == SystemAnswer.Done && type == (uint)CapabilityType.IrqHandler)
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
