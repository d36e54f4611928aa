using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>cnode</c>: copies of capabilities and their places.</summary>
internal static class CNodeTests
{
    internal const uint Count = 16;

    private const int RightsShift = 8;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Copy(ref test); break;
            case 1: CopyWithLess(ref test); break;
            case 2: NoMoreRights(ref test); break;
            case 3: Badge(ref test); break;
            case 4: SecondBadge(ref test); break;
            case 5: Move(ref test); break;
            case 6: Swap(ref test); break;
            case 7: DeleteEmpty(ref test); break;
            case 8: EmptySource(ref test); break;
            case 9: OccupiedTarget(ref test); break;
            case 10: NotCopyable(ref test); break;
            case 11: UntypedWithChildren(ref test); break;
            case 12: BeyondTheNode(ref test); break;
            case 13: WrongTypes(ref test); break;
            case 14: Full(ref test); break;
            case 15: BadGuards(ref test); break;
        }
    }

    private static void Copy(ref Test test)
    {
        test.Is("copy"u8, "a copy is of the same type with the same rights, and the original stays"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint copy = test.Take();
        test.Ok(Setting.Root.Copy(copy, Setting.Root, source));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.All), Ask.Kind(copy));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.All), Ask.Kind(source));
    }

    private static void CopyWithLess(ref Test test)
    {
        test.Is("copy-with-less"u8, "a copy has the rights that both the original and the copier name"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint copy = test.Take();
        test.Ok(Setting.Root.Copy(copy, Setting.Root, source, CapabilityRights.Read | CapabilityRights.Grant));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.Read | CapabilityRights.Grant), Ask.Kind(copy));
    }

    private static void NoMoreRights(ref Test test)
    {
        test.Is("no-more-rights"u8, "no way leads from a capability with fewer rights to one with more"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint less = test.Mint(source, CapabilityRights.Read, badge: 0);
        uint more = test.Take(2);
        test.Ok(Setting.Root.Copy(more, Setting.Root, less));
        test.Ok(Setting.Root.Mint(more + 1, Setting.Root, less, CapabilityRights.All, badge: 1));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.Read), Ask.Kind(more));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.Read), Ask.Kind(more + 1));
    }

    private static void Badge(ref Test test)
    {
        test.Is("badge"u8, "a minted capability has its badge, and so has each copy of it"u8);
        uint source = test.Make(CapabilityType.Notification);
        uint minted = test.Mint(source, CapabilityRights.All, 0xFEDC_BA98_7654_3210);
        uint copy = test.Take();
        test.Ok(Setting.Root.Copy(copy, Setting.Root, minted));
        test.Same(0, Ask.Detail(source));
        test.Same(0xFEDC_BA98_7654_3210, Ask.Detail(minted));
        test.Same(0xFEDC_BA98_7654_3210, Ask.Detail(copy));
    }

    private static void SecondBadge(ref Test test)
    {
        test.Is("second-badge"u8, "a badge is given once: who has a badged capability cannot choose another"u8);
        uint minted = test.Mint(test.Make(CapabilityType.Endpoint), CapabilityRights.All, 7);
        uint slot = test.Take();
        test.Gives(SystemResult.ArgumentInvalid, Setting.Root.Mint(slot, Setting.Root, minted, CapabilityRights.All, 8));
        test.Gives(SystemResult.ArgumentInvalid, Setting.Root.Mint(slot, Setting.Root, minted, CapabilityRights.All, 0));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(slot));
    }

    private static void Move(ref Test test)
    {
        test.Is("move"u8, "a capability that is moved is at its new place with its badge, and at the old one no more"u8);
        uint source = test.Mint(test.Make(CapabilityType.Endpoint), CapabilityRights.Write, 5);
        uint target = test.Take();
        test.Ok(Setting.Root.Move(target, Setting.Root, source));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(source));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.Write), Ask.Kind(target));
        test.Same(5, Ask.Detail(target));
    }

    private static void Swap(ref Test test)
    {
        test.Is("swap"u8, "two capabilities change places with all that they are"u8);
        uint one = test.Mint(test.Make(CapabilityType.Endpoint), CapabilityRights.Read, 1);
        uint two = test.Mint(test.Make(CapabilityType.Notification), CapabilityRights.Write, 2);
        test.Ok(Ask.Root(CNodeOperation.Swap, Ask.SourceAt(one, two), RootSlot.CNode));
        test.Same(KindOf(CapabilityType.Notification, CapabilityRights.Write), Ask.Kind(one));
        test.Same(2, Ask.Detail(one));
        test.Same(KindOf(CapabilityType.Endpoint, CapabilityRights.Read), Ask.Kind(two));
        test.Same(1, Ask.Detail(two));
        uint empty = test.Take();
        test.Gives(SystemResult.SlotEmpty, Ask.Root(CNodeOperation.Swap, Ask.SourceAt(one, empty), RootSlot.CNode));
    }

    private static void DeleteEmpty(ref Test test)
    {
        test.Is("delete-empty"u8, "deleting what is not there is no error, and twice the same"u8);
        uint slot = test.Make(CapabilityType.Reply);
        test.Ok(Setting.Root.Delete(slot));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(slot));
        test.Ok(Setting.Root.Delete(slot));
    }

    private static void EmptySource(ref Test test)
    {
        test.Is("empty-source"u8, "nothing cannot be copied, minted or moved"u8);
        uint empty = test.Take(2);
        test.Gives(SystemResult.SlotEmpty, Setting.Root.Copy(empty + 1, Setting.Root, empty));
        test.Gives(SystemResult.SlotEmpty, Setting.Root.Mint(empty + 1, Setting.Root, empty, CapabilityRights.All, 0));
        test.Gives(SystemResult.SlotEmpty, Setting.Root.Move(empty + 1, Setting.Root, empty));
    }

    private static void OccupiedTarget(ref Test test)
    {
        test.Is("occupied-target"u8, "no capability is overwritten"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint target = test.Make(CapabilityType.Notification);
        CallAnswer answer = Ask.Words(
            RootSlot.CNode, (ulong)CNodeOperation.Copy, Ask.SourceAt(target, source), RootSlot.CNode, (ulong)CapabilityRights.All);
        test.Gives(SystemResult.SlotOccupied, (SystemResult)answer.Result);
        test.Same(target, answer.Word0);
        test.Gives(SystemResult.SlotOccupied, Setting.Root.Mint(target, Setting.Root, source, CapabilityRights.All, 1));
        test.Gives(SystemResult.SlotOccupied, Setting.Root.Move(target, Setting.Root, source));
        test.Gives(SystemResult.SlotOccupied, Setting.Root.Move(source, Setting.Root, source));
        test.Same((ulong)CapabilityType.Notification, (ulong)Ask.TypeOf(target));
    }

    private static void NotCopyable(ref Test test)
    {
        test.Is("not-copyable"u8, "there is one capability to a page table, and it can be moved"u8);
        uint table = test.Make(CapabilityType.PageTable);
        uint slot = test.Take();
        test.Gives(SystemResult.NotCopyable, Setting.Root.Copy(slot, Setting.Root, table));
        test.Gives(SystemResult.NotCopyable, Setting.Root.Mint(slot, Setting.Root, table, CapabilityRights.All, 0));
        test.Ok(Setting.Root.Move(slot, Setting.Root, table));
    }

    private static void UntypedWithChildren(ref Test test)
    {
        test.Is("untyped-copy"u8, "memory of which something was made cannot be copied, and a copy takes all of it from the original"u8);
        uint used = test.Make(CapabilityType.Untyped, 12);
        uint slot = test.Take(4);
        test.Ok(new UntypedMemory(used).Retype(CapabilityType.Endpoint, Setting.Root, slot));
        test.Gives(SystemResult.HasChildren, Setting.Root.Copy(slot + 1, Setting.Root, used));
        uint free = test.Make(CapabilityType.Untyped, 12);
        test.Ok(Setting.Root.Copy(slot + 1, Setting.Root, free));
        test.Gives(SystemResult.NotEnoughMemory, new UntypedMemory(free).Retype(CapabilityType.Endpoint, Setting.Root, slot + 2));
        test.Ok(new UntypedMemory(slot + 1).Retype(CapabilityType.Endpoint, Setting.Root, slot + 2));
    }

    private static void BeyondTheNode(ref Test test)
    {
        test.Is("beyond-the-node"u8, "an index that a CNode does not have is refused, as target and as source"u8);
        uint node = test.Make(CapabilityType.CNode, 2);
        uint source = test.Make(CapabilityType.Endpoint);
        test.Gives(SystemResult.ArgumentInvalid, new CNodeTable(node).Copy(4, Setting.Root, source));
        test.Gives(SystemResult.ArgumentInvalid, new CNodeTable(node).Copy(uint.MaxValue, Setting.Root, source));
        test.Gives(SystemResult.ArgumentInvalid, Setting.Root.Copy(test.Take(), new CNodeTable(node), 4));
        test.Gives(SystemResult.ArgumentInvalid, new CNodeTable(node).Delete(4));
        test.Gives(SystemResult.ArgumentInvalid, new CNodeTable(node).Revoke(4));
        test.Ok(new CNodeTable(node).Copy(3, Setting.Root, source));
    }

    private static void WrongTypes(ref Test test)
    {
        test.Is("wrong-types"u8, "a source that is no CNode is refused, and so is an operation that no CNode has"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint slot = test.Take();
        CallAnswer answer = Ask.Words(RootSlot.CNode, (ulong)CNodeOperation.Copy, Ask.SourceAt(slot, 0), endpoint, (ulong)CapabilityRights.All);
        test.Gives(SystemResult.WrongType, (SystemResult)answer.Result);
        test.Same((ulong)CapabilityType.Endpoint, answer.Word0);
        test.Gives(SystemResult.OperationUnknown, Ask.Root((CNodeOperation)0, slot));
        test.Gives(SystemResult.OperationUnknown, Ask.Root((CNodeOperation)99, slot));
    }

    private static void Full(ref Test test)
    {
        test.Is("full"u8, "a CNode takes as many capabilities as it has slots, and all go with it"u8);
        const uint slots = 16;
        uint node = test.Make(CapabilityType.CNode, 4);
        uint source = test.Make(CapabilityType.Endpoint);
        for (uint index = 0; index < slots; index++)
        {
            test.Ok(new CNodeTable(node).Copy(index, Setting.Root, source));
        }

        test.Gives(SystemResult.SlotOccupied, new CNodeTable(node).Copy(slots - 1, Setting.Root, source));
        test.Gives(SystemResult.ArgumentInvalid, new CNodeTable(node).Copy(slots, Setting.Root, source));
        test.Ok(Setting.Root.Delete(node));
        test.Same((ulong)CapabilityType.Endpoint, (ulong)Ask.TypeOf(source));
    }

    private static void BadGuards(ref Test test)
    {
        test.Is("bad-guards"u8, "a guard leaves room for the radix and has no bits beyond its length"u8);
        uint node = test.Make(CapabilityType.CNode, 6);
        uint slot = test.Take();
        test.Gives(SystemResult.ArgumentInvalid, MintGuard(slot, node, 59, 0));
        test.Gives(SystemResult.ArgumentInvalid, MintGuard(slot, node, 63, 0));
        test.Gives(SystemResult.ArgumentInvalid, MintGuard(slot, node, 3, 8));
        test.Gives(SystemResult.ArgumentInvalid, MintGuard(slot, node, 0, 1));
        test.Ok(MintGuard(slot, node, 3, 7));
        test.Same(CNodeGuard.Of(3, 7).Raw, Ask.Detail(slot));
    }

    private static SystemResult MintGuard(uint slot, uint node, byte bits, ulong value) =>
        Setting.Root.Mint(slot, Setting.Root, node, CapabilityRights.All, CNodeGuard.Of(bits, value).Raw);

    private static ulong KindOf(CapabilityType type, CapabilityRights rights) => (ulong)type | ((ulong)rights << RightsShift);
}
