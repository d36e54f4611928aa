using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>vspace</c>, continued: frames of 2 MiB. One of 1 GiB is in group <c>device</c>: its memory alone would take a machine of 4 GiB.</summary>
internal static class LargeFrameTests
{
    internal const uint Count = 7;

    private const ulong Mark = 0xFEED_0000_0000_0002;
    private const ulong Last = Layout.LargePage - 8;

    // MOV RAX, [RDI]
    private static ReadOnlySpan<byte> Load => "48 8B 07"u8;

    // MOV [RDI], RSI
    private static ReadOnlySpan<byte> Store => "48 89 37"u8;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Maps(ref test); break;
            case 1: Zeros(ref test); break;
            case 2: BadAddresses(ref test); break;
            case 3: LessRights(ref test); break;
            case 4: Unmaps(ref test); break;
            case 5: OverATable(ref test); break;
            case 6: BelowIt(ref test); break;
        }
    }

    private static void Maps(ref Test test)
    {
        test.Is("large-maps"u8, "a frame of 2 MiB is all there, from the first word to the last, and the same memory where a copy is mapped"u8);
        uint frame = MakeMapped(ref test, MapRights.ReadWrite);
        uint copy = test.Take();
        test.Ok(Setting.Root.Copy(copy, Setting.Root, frame));
        test.Ok(new MemoryFrame(copy).Map(RootSlot.VSpace, Layout.Large + Layout.LargePage, MapRights.Read));
        for (ulong page = 0; page < Layout.LargePage; page += Layout.Page)
        {
            UserMemory.Write(Layout.Large + page, Mark + page);
        }

        UserMemory.Write(Layout.Large + Last, Mark);
        bool isSame = UserMemory.Read(Layout.Large + Layout.LargePage + Last) == Mark;
        for (ulong page = 0; page < Layout.LargePage; page += Layout.Page)
        {
            isSame &= UserMemory.Read(Layout.Large + Layout.LargePage + page) == Mark + page;
        }

        test.That(isSame);
        test.Same(Layout.Large, Ask.Detail(frame));
        test.Same(Layout.Large + Layout.LargePage, Ask.Detail(copy));
    }

    private static void Zeros(ref Test test)
    {
        test.Is("large-zeros"u8, "a frame of 2 MiB is zeros, whatever the one before it in the same memory held"u8);
        uint frame = MakeMapped(ref test, MapRights.ReadWrite);
        for (ulong page = 0; page < Layout.LargePage; page += Layout.Page)
        {
            UserMemory.Write(Layout.Large + page + 8, Mark);
        }

        test.Ok(Setting.Root.Delete(frame));
        test.Ok(new UntypedMemory(test.Setting.Large).Reset());
        _ = MakeMapped(ref test, MapRights.Read);
        ulong bits = 0;
        for (ulong page = 0; page < Layout.LargePage; page += Layout.Page)
        {
            bits |= UserMemory.Read(Layout.Large + page) | UserMemory.Read(Layout.Large + page + 8);
        }

        test.Same(0, bits | UserMemory.Read(Layout.Large + Last));
    }

    private static void BadAddresses(ref Test test)
    {
        test.Is("large-addresses"u8, "a frame of 2 MiB is aligned to its size, all in user memory, and where its table is"u8);
        MemoryFrame frame = new(test.MakeLargeFrame());
        test.Gives(SystemResult.Unaligned, frame.Map(RootSlot.VSpace, Layout.Large + Layout.Page, MapRights.Read));
        test.Gives(SystemResult.Unaligned, frame.Map(RootSlot.VSpace, Layout.Large + (Layout.LargePage / 2), MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, 0, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, UserSpace.End & ~(Layout.LargePage - 1), MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, Layout.KernelText, MapRights.Read));
        CallAnswer answer = Ask.Words(frame.Address, (ulong)FrameOperation.Map, RootSlot.VSpace, Layout.NoLevelTwo);
        test.Gives(SystemResult.TableMissing, (SystemResult)answer.Result);
        test.Same(2, answer.Word0);
    }

    private static void LessRights(ref Test test)
    {
        test.Is("large-less-rights"u8, "a frame of 2 MiB that is mapped again for reading cannot be written any more, to its last word"u8);
        uint frame = MakeMapped(ref test, MapRights.ReadWrite);
        UserMemory.Write(Layout.Large + Last, Mark);
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Large, MapRights.Read));
        Probe probe = Probe.Run(ref test, Store, Layout.Large + Last, 1);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(Layout.Large + Last, message.Word1);
        test.Same(Mark, UserMemory.Read(Layout.Large + Last));
    }

    private static void Unmaps(ref Test test)
    {
        test.Is("large-unmaps"u8, "a frame of 2 MiB that is unmapped is gone to its last word, and can be mapped elsewhere"u8);
        uint frame = MakeMapped(ref test, MapRights.ReadWrite);
        UserMemory.Write(Layout.Large + Last, Mark);
        test.Ok(new MemoryFrame(frame).Unmap());
        test.Gives(SystemResult.NotMapped, new MemoryFrame(frame).Unmap());
        Probe probe = Probe.Run(ref test, Load, Layout.Large + Last);
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Large + Layout.LargePage, MapRights.Read));
        test.Same(Mark, UserMemory.Read(Layout.Large + Layout.LargePage + Last));
    }

    private static void OverATable(ref Test test)
    {
        test.Is("large-over-a-table"u8, "a frame of 2 MiB is not mapped where a page table is, also when that maps nothing"u8);
        MemoryFrame frame = new(test.MakeLargeFrame());
        test.Gives(SystemResult.AddressTaken, frame.Map(RootSlot.VSpace, Layout.Free & ~(Layout.LargePage - 1), MapRights.Read));
        TranslationTable table = new(test.Make(CapabilityType.PageTable));
        test.Ok(table.Map(RootSlot.VSpace, Layout.Large, 1));
        test.Gives(SystemResult.AddressTaken, frame.Map(RootSlot.VSpace, Layout.Large, MapRights.Read));
    }

    private static void BelowIt(ref Test test)
    {
        test.Is("large-below-it"u8, "no page table and no page is mapped into a frame of 2 MiB: its memory is no table"u8);
        _ = MakeMapped(ref test, MapRights.ReadWrite);
        UserMemory.Write(Layout.Large, Mark);
        TranslationTable table = new(test.Make(CapabilityType.PageTable));
        test.Gives(SystemResult.AddressTaken, table.Map(RootSlot.VSpace, Layout.Large, 1));
        MemoryFrame small = new(test.Make(CapabilityType.Frame, ObjectSize.FrameBits));
        test.Gives(SystemResult.AddressTaken, small.Map(RootSlot.VSpace, Layout.Large, MapRights.Read));
        test.Gives(SystemResult.AddressTaken, small.Map(RootSlot.VSpace, Layout.Large + Layout.Page, MapRights.ReadWrite));
        test.Same(Mark, UserMemory.Read(Layout.Large));
    }

    private static uint MakeMapped(ref Test test, MapRights rights)
    {
        uint frame = test.MakeLargeFrame();
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Large, rights));
        return frame;
    }
}
