using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>untyped</c>: objects out of memory, and memory out of objects.</summary>
internal static class UntypedTests
{
    internal const uint Count = 14;

    private const uint Refused = 0;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Sizes(ref test); break;
            case 1: Alignment(ref test); break;
            case 2: Several(ref test); break;
            case 3: Counts(ref test); break;
            case 4: BadSizes(ref test); break;
            case 5: BadTypes(ref test); break;
            case 6: TooLittle(ref test); break;
            case 7: Occupied(ref test); break;
            case 8: BeyondTheNode(ref test); break;
            case 9: ResetWithChildren(ref test); break;
            case 10: Zeroed(ref test); break;
            case 11: Nested(ref test); break;
            case 12: Destination(ref test); break;
            case 13: LongRetype(ref test); break;
        }
    }

    // docs/capabilities.md, "Objects": in an order in which each begins where the last one ended.
    private static void Sizes(ref Test test)
    {
        test.Is("sizes"u8, "each object takes the memory that the table says, and no more"u8);
        Takes(ref test, CapabilityType.VSpace, 0, 4096);
        Takes(ref test, CapabilityType.PageTable, 0, 4096);
        Takes(ref test, CapabilityType.Thread, 0, 2048);
        Takes(ref test, CapabilityType.CNode, 4, 1024);
        Takes(ref test, CapabilityType.SchedulingContext, 0, 128);
        Takes(ref test, CapabilityType.Endpoint, 0, 64);
        Takes(ref test, CapabilityType.Notification, 0, 64);
        Takes(ref test, CapabilityType.Reply, 0, 64);
        Takes(ref test, CapabilityType.Untyped, 6, 64);
    }

    private static void Takes(ref Test test, CapabilityType type, byte sizeBits, ulong bytes)
    {
        ulong before = Ask.Detail(test.Setting.Arena);
        _ = test.Make(type, sizeBits);
        test.Same(bytes, before - Ask.Detail(test.Setting.Arena));
    }

    private static void Alignment(ref Test test)
    {
        test.Is("alignment"u8, "an object is aligned to its size, and what lies before it is lost until the reset"u8);
        ulong before = Ask.Detail(test.Setting.Arena);
        _ = test.Make(CapabilityType.Endpoint);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Same(0, Ask.Physical(frame) & (Layout.Page - 1));
        test.Same(2 * Layout.Page, before - Ask.Detail(test.Setting.Arena));
    }

    private static void Several(ref Test test)
    {
        test.Is("several"u8, "one retype fills as many slots as it was asked for"u8);
        uint first = test.Take(5);
        test.Ok(test.Arena.Retype(CapabilityType.Notification, Setting.Root, first, count: 4));
        for (uint index = 0; index < 4; index++)
        {
            test.Same((ulong)CapabilityType.Notification, (ulong)Ask.TypeOf(first + index));
        }

        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(first + 4));
    }

    private static void Counts(ref Test test)
    {
        test.Is("counts"u8, "no object and more than 256 are refused, and nothing is made"u8);
        Refuses(ref test, Ask.Retype(CapabilityType.Endpoint, count: 0));
        Refuses(ref test, Ask.Retype(CapabilityType.Endpoint, count: 257));
        Refuses(ref test, Ask.Retype(CapabilityType.Endpoint, count: 0xFFFF));
    }

    private static void BadSizes(ref Test test)
    {
        test.Is("bad-sizes"u8, "sizes that an object cannot have are refused"u8);
        Refuses(ref test, Ask.Retype(CapabilityType.Frame, 13));
        Refuses(ref test, Ask.Retype(CapabilityType.Frame, 0));
        Refuses(ref test, Ask.Retype(CapabilityType.Untyped, 5));
        Refuses(ref test, Ask.Retype(CapabilityType.Untyped, 40));
        Refuses(ref test, Ask.Retype(CapabilityType.CNode, 0));
        Refuses(ref test, Ask.Retype(CapabilityType.CNode, 17));
        Refuses(ref test, Ask.Retype(CapabilityType.Endpoint, 1));
        Refuses(ref test, Ask.Retype(CapabilityType.Thread, 255));
    }

    private static void BadTypes(ref Test test)
    {
        test.Is("bad-types"u8, "what is no object cannot be made: controls above all"u8);
        Refuses(ref test, Ask.Retype(CapabilityType.Null));
        Refuses(ref test, Ask.Retype(CapabilityType.IrqControl));
        Refuses(ref test, Ask.Retype(CapabilityType.IoPortControl));
        Refuses(ref test, Ask.Retype(CapabilityType.IoPort));
        Refuses(ref test, Ask.Retype(CapabilityType.SchedulingControl));
        Refuses(ref test, Ask.Retype(CapabilityType.InstanceControl));
        Refuses(ref test, Ask.Retype(CapabilityType.Dying));
        Refuses(ref test, Ask.Retype((CapabilityType)200));
    }

    private static void Refuses(ref Test test, ulong request)
    {
        uint slot = test.Take();
        CallAnswer answer = Ask.Words(test.Setting.Arena, (ulong)UntypedOperation.Retype, request, RootSlot.CNode, slot);
        test.Gives(SystemResult.ArgumentInvalid, (SystemResult)answer.Result);
        test.Same(Refused, answer.Word0);
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(slot));
        test.Same(1UL << Setting.ArenaBits, Ask.Detail(test.Setting.Arena));
    }

    private static void TooLittle(ref Test test)
    {
        test.Is("too-little"u8, "an untyped that is full says so, and how many bytes it has"u8);
        uint small = test.Make(CapabilityType.Untyped, 12);
        uint slot = test.Take(3);
        test.Ok(new UntypedMemory(small).Retype(CapabilityType.Thread, Setting.Root, slot));
        CallAnswer answer = Ask.Words(
            small, (ulong)UntypedOperation.Retype, Ask.Retype(CapabilityType.Thread, count: 2), RootSlot.CNode, slot + 1);
        test.Gives(SystemResult.NotEnoughMemory, (SystemResult)answer.Result);
        test.Same(2048, answer.Word0);
        test.Ok(new UntypedMemory(small).Retype(CapabilityType.Thread, Setting.Root, slot + 1));
        test.Gives(SystemResult.NotEnoughMemory, new UntypedMemory(small).Retype(CapabilityType.Endpoint, Setting.Root, slot + 2));
    }

    private static void Occupied(ref Test test)
    {
        test.Is("occupied"u8, "a slot in use among those asked for stops the whole retype before it begins"u8);
        uint first = test.Take(4);
        test.Ok(test.Arena.Retype(CapabilityType.Endpoint, Setting.Root, first + 2));
        ulong free = Ask.Detail(test.Setting.Arena);
        CallAnswer answer = Ask.Words(
            test.Setting.Arena, (ulong)UntypedOperation.Retype, Ask.Retype(CapabilityType.Endpoint, count: 4), RootSlot.CNode, first);
        test.Gives(SystemResult.SlotOccupied, (SystemResult)answer.Result);
        test.Same(first + 2, answer.Word0);
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(first));
        test.Same(free, Ask.Detail(test.Setting.Arena));
    }

    private static void BeyondTheNode(ref Test test)
    {
        test.Is("beyond-the-node"u8, "slots that the CNode does not have are refused"u8);
        uint node = test.Make(CapabilityType.CNode, 2);
        test.Gives(SystemResult.ArgumentInvalid, test.Arena.Retype(CapabilityType.Endpoint, new CNodeTable(node), 4));
        test.Gives(SystemResult.ArgumentInvalid, test.Arena.Retype(CapabilityType.Endpoint, new CNodeTable(node), 2, count: 3));
        test.Gives(SystemResult.ArgumentInvalid, test.Arena.Retype(CapabilityType.Endpoint, new CNodeTable(node), uint.MaxValue));
        test.Ok(test.Arena.Retype(CapabilityType.Endpoint, new CNodeTable(node), 2, count: 2));
    }

    private static void ResetWithChildren(ref Test test)
    {
        test.Is("reset"u8, "memory is free again when all objects in it are gone, and not before"u8);
        uint first = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        ulong place = Ask.Physical(first);
        test.Gives(SystemResult.HasChildren, test.Arena.Reset());
        test.Ok(Setting.Root.Delete(first));
        test.AtMost((1UL << Setting.ArenaBits) - Layout.Page, Ask.Detail(test.Setting.Arena));
        test.Ok(test.Arena.Reset());
        test.Same(1UL << Setting.ArenaBits, Ask.Detail(test.Setting.Arena));
        uint again = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Same(place, Ask.Physical(again));
    }

    private static void Zeroed(ref Test test)
    {
        test.Is("zeroed"u8, "memory that is used again has nothing of what was in it"u8);
        uint frame = test.MakePage(Layout.Free);
        ulong place = Ask.Physical(frame);
        UserMemory.FillPage(Layout.Free, ulong.MaxValue);
        test.Same(ulong.MaxValue, UserMemory.AnyBitOfPage(Layout.Free));
        test.Ok(Setting.Root.Delete(frame));
        test.Ok(test.Arena.Reset());
        frame = test.MakePage(Layout.Free);
        test.Same(place, Ask.Physical(frame));
        test.Same(0, UserMemory.AnyBitOfPage(Layout.Free));
    }

    private static void Nested(ref Test test)
    {
        test.Is("nested"u8, "revoking an untyped ends what was made of untyped memory that was made of it"u8);
        uint outer = test.Make(CapabilityType.Untyped, 14);
        uint inner = test.Take(2);
        test.Ok(new UntypedMemory(outer).Retype(CapabilityType.Untyped, Setting.Root, inner, 12));
        test.Ok(new UntypedMemory(inner).Retype(CapabilityType.Endpoint, Setting.Root, inner + 1));
        test.Gives(SystemResult.HasChildren, new UntypedMemory(outer).Reset());
        test.Ok(Setting.Root.Revoke(outer));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(inner));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(inner + 1));
        test.Ok(new UntypedMemory(outer).Reset());
    }

    private static void Destination(ref Test test)
    {
        test.Is("destination"u8, "new capabilities go into a CNode and nowhere else"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        ulong request = Ask.Retype(CapabilityType.Endpoint);
        uint empty = test.Take();
        test.Gives(SystemResult.WrongType, Ask.Do(test.Setting.Arena, (ulong)UntypedOperation.Retype, request, endpoint));
        test.Gives(SystemResult.SlotEmpty, Ask.Do(test.Setting.Arena, (ulong)UntypedOperation.Retype, request, empty));
        test.Gives(SystemResult.AddressInvalid, Ask.Do(test.Setting.Arena, (ulong)UntypedOperation.Retype, request, 1UL << 40));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(test.Setting.Arena, 99, request, RootSlot.CNode, empty));
    }

    private static void LongRetype(ref Test test)
    {
        test.Is("long-retype"u8, "two MiB are zeroed in parts, and the same request goes on where it stopped"u8);
        const uint mostParts = 64;
        uint slot = test.Take();
        uint parts = 0;
        SystemResult result;
        do
        {
            result = test.Arena.Retype(CapabilityType.Frame, Setting.Root, slot, ObjectSize.LargeFrameBits);
            parts++;
        }
        while (result == SystemResult.Again && parts < mostParts);

        test.Ok(result);
        test.AtLeast(2, parts);
        test.Same(0, Ask.Detail(test.Setting.Arena));
    }
}
