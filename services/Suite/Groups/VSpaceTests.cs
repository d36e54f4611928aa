using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>vspace</c>: what is mapped where, with which rights, and until when.</summary>
internal static class VSpaceTests
{
    internal const uint Count = 15;

    private const ulong Mark = 0xFEED_0000_0000_0001;

    // MOV RAX, [RDI]
    private static ReadOnlySpan<byte> Load => "48 8B 07"u8;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Maps(ref test); break;
            case 1: LessRights(ref test); break;
            case 2: Unmaps(ref test); break;
            case 3: NoSuchRights(ref test); break;
            case 4: RightsOfTheFrame(ref test); break;
            case 5: BadAddresses(ref test); break;
            case 6: Taken(ref test); break;
            case 7: OnePlace(ref test); break;
            case 8: TableMissing(ref test); break;
            case 9: Tables(ref test); break;
            case 10: BadTables(ref test); break;
            case 11: TableGoes(ref test); break;
            case 12: WrongTypes(ref test); break;
            case 13: OtherSpace(ref test); break;
            case 14: SpaceDies(ref test); break;
        }
    }

    private static void Maps(ref Test test)
    {
        test.Is("maps"u8, "a frame that is mapped twice is the same memory at both places"u8);
        uint frame = test.MakePage(Layout.Free);
        uint copy = test.Take();
        test.Ok(Setting.Root.Copy(copy, Setting.Root, frame));
        test.Ok(new MemoryFrame(copy).Map(RootSlot.VSpace, Layout.Free + Layout.Page, MapRights.Read));
        UserMemory.Write(Layout.Free + 8, Mark);
        test.Same(Mark, UserMemory.Read(Layout.Free + Layout.Page + 8));
        test.Same(Layout.Free, Ask.Detail(frame));
        test.Same(Layout.Free + Layout.Page, Ask.Detail(copy));
    }

    private static void LessRights(ref Test test)
    {
        test.Is("less-rights"u8, "a frame that is mapped again for reading cannot be written any more, though it was a moment ago"u8);
        uint frame = test.MakePage(Layout.Free);
        UserMemory.Write(Layout.Free, Mark);
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Free, MapRights.Read));
        // MOV [RDI], RSI
        Probe probe = Probe.Run(ref test, "48 89 37"u8, Layout.Free, 1);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(Layout.Free, message.Word1);
        test.Same(Mark, UserMemory.Read(Layout.Free));
    }

    private static void Unmaps(ref Test test)
    {
        test.Is("unmaps"u8, "a frame that is unmapped is not there any more, and cannot be unmapped again"u8);
        uint frame = test.MakePage(Layout.Free);
        UserMemory.Write(Layout.Free, Mark);
        test.Ok(new MemoryFrame(frame).Unmap());
        test.Gives(SystemResult.NotMapped, new MemoryFrame(frame).Unmap());
        test.Same(0, Ask.Detail(frame));
        Probe probe = Probe.Run(ref test, Load, Layout.Free);
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Free + Layout.Page, MapRights.Read));
        test.Same(Mark, UserMemory.Read(Layout.Free + Layout.Page));
    }

    private static void NoSuchRights(ref Test test)
    {
        test.Is("no-such-rights"u8, "there is no word for writable and executable"u8);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        for (ulong rights = 3; rights < 20; rights++)
        {
            test.Gives(SystemResult.ArgumentInvalid, new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Free, (MapRights)rights));
        }

        test.Gives(SystemResult.ArgumentInvalid, new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Free, (MapRights)ulong.MaxValue));
    }

    private static void RightsOfTheFrame(ref Test test)
    {
        test.Is("rights-of-the-frame"u8, "who may only read a frame cannot map it for writing, and without that right not at all"u8);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        uint read = test.Mint(frame, CapabilityRights.Read, 0);
        uint none = test.Mint(frame, CapabilityRights.Write, 0);
        test.Gives(SystemResult.RightMissing, new MemoryFrame(read).Map(RootSlot.VSpace, Layout.Free, MapRights.ReadWrite));
        test.Gives(SystemResult.RightMissing, new MemoryFrame(none).Map(RootSlot.VSpace, Layout.Free, MapRights.Read));
        test.Gives(SystemResult.RightMissing, new MemoryFrame(none).Map(RootSlot.VSpace, Layout.Free, MapRights.ReadWrite));
        test.Ok(new MemoryFrame(read).Map(RootSlot.VSpace, Layout.Free, MapRights.Read));
    }

    private static void BadAddresses(ref Test test)
    {
        test.Is("bad-addresses"u8, "page 0, the kernel's half, its border and whatever is not aligned are refused"u8);
        MemoryFrame frame = new(test.Make(CapabilityType.Frame, ObjectSize.FrameBits));
        test.Gives(SystemResult.Unaligned, frame.Map(RootSlot.VSpace, Layout.Free + 8, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, 0, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, UserSpace.End, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, Layout.NonCanonical, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, Layout.KernelText, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, ObjectWindow.Base, MapRights.Read));
        test.Gives(SystemResult.ArgumentInvalid, frame.Map(RootSlot.VSpace, ulong.MaxValue - Layout.Page + 1, MapRights.Read));
    }

    private static void Taken(ref Test test)
    {
        test.Is("taken"u8, "nothing is mapped over what is there"u8);
        _ = test.MakePage(Layout.Free);
        UserMemory.Write(Layout.Free, Mark);
        uint other = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Gives(SystemResult.AddressTaken, new MemoryFrame(other).Map(RootSlot.VSpace, Layout.Free, MapRights.Read));
        test.Gives(SystemResult.AddressTaken, new MemoryFrame(other).Map(RootSlot.VSpace, BootInformation.Address, MapRights.Read));
        test.Same(Mark, UserMemory.Read(Layout.Free));
    }

    private static void OnePlace(ref Test test)
    {
        test.Is("one-place"u8, "a capability maps its frame at one place; a copy of it at another"u8);
        uint frame = test.MakePage(Layout.Free);
        test.Gives(SystemResult.AlreadyMapped, new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Free + Layout.Page, MapRights.Read));
        uint copy = test.Take();
        test.Ok(Setting.Root.Copy(copy, Setting.Root, frame));
        test.Ok(new MemoryFrame(copy).Map(RootSlot.VSpace, Layout.Free + Layout.Page, MapRights.Read));
    }

    private static void TableMissing(ref Test test)
    {
        test.Is("table-missing"u8, "a table that is missing on the way is named by its level"u8);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        CallAnswer answer = Ask.Words(frame, (ulong)FrameOperation.Map, RootSlot.VSpace, Layout.NoLevelTwo);
        test.Gives(SystemResult.TableMissing, (SystemResult)answer.Result);
        test.Same(2, answer.Word0);
        answer = Ask.Words(frame, (ulong)FrameOperation.Map, RootSlot.VSpace, Layout.NoLevelThree);
        test.Gives(SystemResult.TableMissing, (SystemResult)answer.Result);
        test.Same(3, answer.Word0);
    }

    private static void Tables(ref Test test)
    {
        test.Is("tables"u8, "three tables lead to a page in a part of the space where nothing was"u8);
        Enter(ref test, RootSlot.VSpace, Layout.NoLevelThree, 3);
        Enter(ref test, RootSlot.VSpace, Layout.NoLevelThree, 2);
        Enter(ref test, RootSlot.VSpace, Layout.NoLevelThree, 1);
        _ = test.MakePage(Layout.NoLevelThree + (5 * Layout.Page));
        UserMemory.Write(Layout.NoLevelThree + (5 * Layout.Page), Mark);
        test.Same(Mark, UserMemory.Read(Layout.NoLevelThree + (5 * Layout.Page)));
    }

    private static void BadTables(ref Test test)
    {
        test.Is("bad-tables"u8, "a table goes where one is missing, at its level, aligned, in user memory, and once"u8);
        uint table = test.Make(CapabilityType.PageTable);
        TranslationTable entry = new(table);
        test.Gives(SystemResult.ArgumentInvalid, entry.Map(RootSlot.VSpace, Layout.NoLevelTwo, 0));
        test.Gives(SystemResult.ArgumentInvalid, entry.Map(RootSlot.VSpace, Layout.NoLevelTwo, 4));
        test.Gives(SystemResult.ArgumentInvalid, entry.Map(RootSlot.VSpace, Layout.KernelText & ~0x3FFF_FFFFUL, 2));
        test.Gives(SystemResult.Unaligned, entry.Map(RootSlot.VSpace, Layout.NoLevelTwo + Layout.Page, 2));
        test.Gives(SystemResult.TableMissing, entry.Map(RootSlot.VSpace, Layout.NoLevelTwo, 1));
        test.Gives(SystemResult.AddressTaken, entry.Map(RootSlot.VSpace, 0, 2));
        test.Gives(SystemResult.NotMapped, Ask.Do(table, (ulong)PageTableOperation.Unmap));
        test.Ok(entry.Map(RootSlot.VSpace, Layout.NoLevelTwo, 2));
        test.Gives(SystemResult.AlreadyMapped, entry.Map(RootSlot.VSpace, 2 * Layout.NoLevelTwo, 2));
    }

    private static void TableGoes(ref Test test)
    {
        test.Is("table-goes"u8, "all that a table maps goes with it, and a table that comes back maps nothing"u8);
        uint upper = Enter(ref test, RootSlot.VSpace, Layout.NoLevelTwo, 2);
        uint lower = Enter(ref test, RootSlot.VSpace, Layout.NoLevelTwo, 1);
        uint frame = test.MakePage(Layout.NoLevelTwo);
        UserMemory.Write(Layout.NoLevelTwo, Mark);
        test.Ok(Ask.Do(lower, (ulong)PageTableOperation.Unmap));
        test.Gives(SystemResult.NotMapped, new MemoryFrame(frame).Unmap());
        test.Ok(new TranslationTable(lower).Map(RootSlot.VSpace, Layout.NoLevelTwo, 1));
        Probe probe = Probe.Run(ref test, Load, Layout.NoLevelTwo);
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Ok(Setting.Root.Delete(upper));
        test.Gives(SystemResult.NotMapped, Ask.Do(lower, (ulong)PageTableOperation.Unmap));
    }

    private static void WrongTypes(ref Test test)
    {
        test.Is("wrong-types"u8, "frames and tables are mapped in an address space and nowhere else"u8);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        uint table = test.Make(CapabilityType.PageTable);
        test.Gives(SystemResult.WrongType, new MemoryFrame(frame).Map(RootSlot.CNode, Layout.Free, MapRights.Read));
        test.Gives(SystemResult.WrongType, new TranslationTable(table).Map(table, Layout.NoLevelTwo, 2));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(frame, 99));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(table, 99));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(RootSlot.VSpace, 1));
    }

    private static void OtherSpace(ref Test test)
    {
        test.Is("other-space"u8, "an address means in one space what was mapped there, and not what another has at it"u8);
        uint space = MakeSpace(ref test);
        _ = test.MakePage(Layout.Free);
        UserMemory.Write(Layout.Free, Mark);
        uint theirs = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Ok(new MemoryFrame(theirs).Map(space, Layout.Free, MapRights.Read));
        Probe probe = LoadIn(ref test, space);
        probe.Stops(ref test, Layout.CodeRun + 3);
        test.Same(0, probe.Get(Register.Rax));
        test.Ok(new MemoryFrame(theirs).Unmap());
        test.Ok(probe.Answer(FaultWords.Resume, 1, Layout.CodeRun));
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Same(Mark, UserMemory.Read(Layout.Free));
    }

    private static void SpaceDies(ref Test test)
    {
        test.Is("space-dies"u8, "a thread whose address space is destroyed does not run, and its frames are free"u8);
        uint space = MakeSpace(ref test);
        uint theirs = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Ok(new MemoryFrame(theirs).Map(space, Layout.Free, MapRights.Read));
        Probe probe = LoadIn(ref test, space);
        probe.Stops(ref test, Layout.CodeRun + 3);
        test.Ok(Setting.Root.Revoke(space));
        test.Ok(Setting.Root.Delete(space));
        test.Gives(SystemResult.NotMapped, new MemoryFrame(theirs).Unmap());
        test.Ok(probe.Answer(FaultWords.Resume, 1, Layout.CodeRun));
        test.Sleep(200);
        test.Gives(SystemResult.WrongState, new ThreadControl(probe.Thread).Resume());
    }

    private static Probe LoadIn(ref Test test, uint space)
    {
        CodePage page = new(0);
        page.Add(Load);
        page.Stop();
        Probe probe = Probe.Make(ref test, space: space);
        probe.Go(ref test, Layout.CodeRun, Layout.Free);
        return probe;
    }

    // An address space with the page of machine code in it and nothing else.
    private static uint MakeSpace(ref Test test)
    {
        uint space = test.Make(CapabilityType.VSpace);
        _ = Enter(ref test, space, 0, 3);
        _ = Enter(ref test, space, 0, 2);
        _ = Enter(ref test, space, Layout.Free & ~0x1F_FFFFUL, 1);
        uint code = test.Take();
        test.Ok(Setting.Root.Copy(code, Setting.Root, test.Setting.Code));
        test.Ok(new MemoryFrame(code).Map(space, Layout.CodeRun, MapRights.ReadExecute));
        return space;
    }

    private static uint Enter(ref Test test, uint space, ulong address, uint level)
    {
        uint table = test.Make(CapabilityType.PageTable);
        test.Ok(new TranslationTable(table).Map(space, address, level));
        return table;
    }
}
