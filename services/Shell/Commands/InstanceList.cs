using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

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
        text.AddPadded(CoresNames.Of(member.State), StateWidth);
        text.AddAligned(member.Life, 5);
        text.AddAligned(member.Heartbeat, 12);
        text.AddAligned(member.Bytes / kibibyte, 8);
        text.Add(" KiB\n"u8);
        around.Print(in text);
    }
}
