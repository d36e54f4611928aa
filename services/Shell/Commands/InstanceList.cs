using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>instances</c>: the kernel instances of the machine, as the coordinator's kernel knows them.</summary>
internal static class InstanceList
{
    private const int StateWidth = 12;

    internal static void Show(in Surroundings around)
    {
        if (around.Figures.Member(around.Core, out _) != SystemResult.Ok)
        {
            around.Print("only the first core's kernel knows of the others; this is another\n"u8);
            return;
        }

        around.Print("core  state        life   heartbeat      memory\n"u8);
        for (uint core = 0; core < around.Cores; core++)
        {
            if (around.Figures.Member(core, out MemberFigures member) == SystemResult.Ok)
            {
                Line(in around, core, in member);
            }
        }
    }

    private static void Line(in Surroundings around, uint core, in MemberFigures member)
    {
        const ulong kibibyte = 1024;
        TextBuffer text = default;
        text.AddAligned(core, 4);
        text.Add("  "u8);
        text.AddPadded(Name(member.State), StateWidth);
        text.AddAligned(member.Life, 5);
        text.AddAligned(member.Heartbeat, 12);
        text.AddAligned(member.Bytes / kibibyte, 8);
        text.Add(" KiB\n"u8);
        around.Print(in text);
    }

    private static ReadOnlySpan<byte> Name(MemberState state) => state switch
    {
        MemberState.Empty => "empty"u8,
        MemberState.Provisioned => "provisioned"u8,
        MemberState.Booting => "booting"u8,
        MemberState.Healthy => "healthy"u8,
        MemberState.Dead => "dead"u8,
        MemberState.Fenced => "fenced"u8,
        MemberState.Failed => "failed"u8,
        _ => "?"u8,
    };
}
