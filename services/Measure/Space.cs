using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>A second address space with this program's code in it.</summary>
public static class Space
{
    private const ulong ImageBase = ProgramManifest.DefaultBase;
    private const ulong ImageEnd = ImageBase + ProgramManifest.SizeMax;
    private const ulong StackSpan = 0x0020_0000;

    /// <summary>Stack of the server in a space of its own.</summary>
    public const ulong StackTop = 0x0038_0000;

    /// <summary>Makes it: tables, copies of the frames that this program lies in, and a stack.</summary>
    /// <returns>Slot of the address space.</returns>
    public static uint Make(ref Setting setting)
    {
        uint space = setting.Make(CapabilityType.VSpace);
        AddTable(ref setting, space, 0, 3);
        AddTable(ref setting, space, 0, 2);
        AddTable(ref setting, space, StackSpan, 1);
        AddTable(ref setting, space, ImageBase, 1);
        uint last = setting.FirstFree;
        for (uint slot = RootSlot.First; slot < last; slot++)
        {
            if (Setting.Root.Describe(slot, out CapabilityType type, out ulong mappedAt) == SystemResult.Ok
                && type == CapabilityType.Frame && mappedAt >= ImageBase && mappedAt < ImageEnd)
            {
                uint copy = setting.Next++;
                Report.Expect(Setting.Root.Copy(copy, Setting.Root, slot));
                Report.Expect(new MemoryFrame(copy).Map(space, mappedAt, MapRights.ReadExecute));
            }
        }

        AddStack(ref setting, space, StackTop);
        return space;
    }

    /// <summary>Maps a page of stack.</summary>
    public static void AddStack(ref Setting setting, uint space, ulong top) =>
        _ = AddPage(ref setting, space, top - ImageLayout.PageSizeBytes);

    /// <summary>Maps a page of its own.</summary>
    /// <returns>Slot of the frame.</returns>
    public static uint AddPage(ref Setting setting, uint space, ulong address)
    {
        uint page = setting.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        Report.Expect(new MemoryFrame(page).Map(space, address, MapRights.ReadWrite));
        return page;
    }

    private static void AddTable(ref Setting setting, uint space, ulong address, uint level)
    {
        uint table = setting.Make(CapabilityType.PageTable);
        Report.Expect(new TranslationTable(table).Map(space, address, level));
    }
}
