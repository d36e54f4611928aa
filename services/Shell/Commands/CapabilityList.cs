using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary><c>caps</c>: what a program holds capabilities for.</summary>
internal static class CapabilityList
{
    internal static void Show(in Surroundings around, ref Informants informants, ReadOnlySpan<byte> argument)
    {
        if (!ProgramPlace.TryFind(in around, ref informants, argument, out ProgramPlace place))
        {
            return;
        }

        around.Print("slot  name           type           rights  detail\n"u8);
        ProgramName name = default;
        uint alike = 0;
        for (uint slot = 0; slot < 1u << ProgramSlot.RadixMax; slot++)
        {
            Span<byte> field = Text.FieldOf(ref name);
            CallResult result = informants.Slot(
                place.Core, place.Program, slot, field, out uint length, out uint type, out uint rights, out ulong detail, out SystemAnswer answer);
            if (result != CallResult.Ok || answer == SystemAnswer.WrongState)
            {
                around.Print("it does not run\n"u8);
                return;
            }

            if (answer != SystemAnswer.Done)
            {
                // Behind the last slot.
                break;
            }

            // Of many ends of channels the first has the need's name, and the others none.
            if (type == (uint)CapabilityType.Channel && length == 0)
            {
                alike++;
            }
            else if (type != (uint)CapabilityType.Null)
            {
                More(in around, ref alike);
                Line(in around, slot, field.Slice(0, (int)length), (CapabilityType)type, (CapabilityRights)rights, detail);
            }
        }

        More(in around, ref alike);
    }

    private static void More(in Surroundings around, ref uint alike)
    {
        if (alike == 0)
        {
            return;
        }

        TextBuffer text = default;
        text.Add("      and "u8);
        text.Add(alike);
        text.Add(" more of its ends\n"u8);
        around.Print(in text);
        alike = 0;
    }

    private static void Line(
        in Surroundings around, uint slot, ReadOnlySpan<byte> name, CapabilityType type, CapabilityRights rights, ulong detail)
    {
        TextBuffer text = default;
        text.AddAligned(slot, 4);
        text.Add("  "u8);
        text.AddPadded(name, 15);
        text.AddPadded(TypeName(type), 15);
        text.Add((rights & CapabilityRights.Read) != 0 ? "r"u8 : "-"u8);
        text.Add((rights & CapabilityRights.Write) != 0 ? "w"u8 : "-"u8);
        text.Add((rights & CapabilityRights.Grant) != 0 ? "g"u8 : "-"u8);
        text.Add((rights & CapabilityRights.GrantReply) != 0 ? "a    "u8 : "-    "u8);
        Detail(ref text, type, detail);
        text.Add("\n"u8);
        around.Print(in text);
    }

    private static void Detail(ref TextBuffer text, CapabilityType type, ulong detail)
    {
        switch (type)
        {
            case CapabilityType.Endpoint or CapabilityType.Notification when detail != 0:
                text.Add("badge "u8);
                text.Add(detail);
                break;
            case CapabilityType.IoPort:
                text.AddHex(detail & 0xFFFF);
                text.Add(" to "u8);
                text.AddHex(detail >> 16);
                break;
            case CapabilityType.Untyped:
                text.Add(detail / 1024);
                text.Add(" KiB free"u8);
                break;
        }
    }

    /// <summary>What people call a kind of capability.</summary>
    private static ReadOnlySpan<byte> TypeName(CapabilityType type) => type switch
    {
        CapabilityType.Untyped => "untyped"u8,
        CapabilityType.Frame => "frame"u8,
        CapabilityType.PageTable => "page table"u8,
        CapabilityType.VSpace => "address space"u8,
        CapabilityType.CNode => "cnode"u8,
        CapabilityType.Thread => "thread"u8,
        CapabilityType.Endpoint => "endpoint"u8,
        CapabilityType.Notification => "notification"u8,
        CapabilityType.Reply => "reply"u8,
        CapabilityType.SchedulingContext => "budget"u8,
        CapabilityType.SchedulingControl => "budgets"u8,
        CapabilityType.IrqControl => "interrupts"u8,
        CapabilityType.IrqHandler => "interrupt"u8,
        CapabilityType.IoPortControl => "all ports"u8,
        CapabilityType.IoPort => "ports"u8,
        CapabilityType.Channel => "channel"u8,
        CapabilityType.Remote => "remote"u8,
        CapabilityType.Lent => "lent frame"u8,
        CapabilityType.InstanceControl => "kernel figures"u8,
        _ => "dying"u8,
    };
}
