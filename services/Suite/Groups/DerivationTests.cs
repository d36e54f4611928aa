using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Groups <c>revoke</c> and <c>lookup</c>: what hangs from what, and which slot an address names.</summary>
internal static class DerivationTests
{
    internal const uint RevokeCount = 7;
    internal const uint LookupCount = 5;

    private const byte UpperRadix = 4;
    private const byte LowerRadix = 6;
    private const byte LowerGuardBits = 4;
    private const ulong LowerGuard = 0xA;
    private const uint Upper = 2;
    private const uint Lower = 5;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: AllDescendants(ref test); break;
            case 1: ParentStays(ref test); break;
            case 2: ChildrenOfTheDeleted(ref test); break;
            case 3: SourceOfAMove(ref test); break;
            case 4: LongRevoke(ref test); break;
            case 5: ContentsOfANode(ref test); break;
            case 6: CycleOfNodes(ref test); break;
        }
    }

    internal static void RunLookup(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: TwoLevels(ref test); break;
            case 1: WrongGuard(ref test); break;
            case 2: EmptySlot(ref test); break;
            case 3: TooDeep(ref test); break;
            case 4: BitsResolved(ref test); break;
        }
    }

    private static void AllDescendants(ref Test test)
    {
        test.Is("all-descendants"u8, "revoke ends copies, copies of copies and minted ones, and leaves what it was asked on"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint first = test.Take(12);
        for (uint index = 0; index < 12; index++)
        {
            test.Ok(Setting.Root.Copy(first + index, Setting.Root, index % 3 == 0 ? source : first + index - 1));
        }

        test.Ok(Setting.Root.Revoke(source));
        for (uint index = 0; index < 12; index++)
        {
            test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(first + index));
        }

        test.Same((ulong)CapabilityType.Endpoint, (ulong)Ask.TypeOf(source));
    }

    private static void ParentStays(ref Test test)
    {
        test.Is("parent-stays"u8, "revoke on a copy leaves what it was copied from, and its sisters"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint child = test.Mint(source, CapabilityRights.All, 1);
        uint sister = test.Mint(source, CapabilityRights.All, 2);
        uint grandchild = test.Take();
        test.Ok(Setting.Root.Copy(grandchild, Setting.Root, child));
        test.Ok(Setting.Root.Revoke(child));
        test.Same((ulong)CapabilityType.Endpoint, (ulong)Ask.TypeOf(source));
        test.Same((ulong)CapabilityType.Endpoint, (ulong)Ask.TypeOf(sister));
        test.Same((ulong)CapabilityType.Endpoint, (ulong)Ask.TypeOf(child));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(grandchild));
    }

    private static void ChildrenOfTheDeleted(ref Test test)
    {
        test.Is("children-of-the-deleted"u8, "what was derived from a capability that is deleted can still be revoked from above"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint child = test.Mint(source, CapabilityRights.All, 1);
        uint grandchild = test.Take();
        test.Ok(Setting.Root.Copy(grandchild, Setting.Root, child));
        test.Ok(Setting.Root.Delete(child));
        test.Same((ulong)CapabilityType.Endpoint, (ulong)Ask.TypeOf(grandchild));
        test.Ok(Setting.Root.Revoke(source));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(grandchild));
    }

    private static void SourceOfAMove(ref Test test)
    {
        test.Is("after-a-move"u8, "a capability that was moved is still derived from what it was, and its copies from it"u8);
        uint source = test.Make(CapabilityType.Endpoint);
        uint child = test.Mint(source, CapabilityRights.All, 1);
        uint slots = test.Take(2);
        test.Ok(Setting.Root.Copy(slots, Setting.Root, child));
        test.Ok(Setting.Root.Move(slots + 1, Setting.Root, child));
        test.Ok(Setting.Root.Revoke(slots + 1));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(slots));
        test.Ok(Setting.Root.Revoke(source));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(slots + 1));
    }

    private static void LongRevoke(ref Test test)
    {
        test.Is("long-revoke"u8, "a revoke of many stops in between, and the same call goes on until all are gone"u8);
        const uint many = 150;
        uint source = test.Make(CapabilityType.Endpoint);
        uint first = test.Take(many);
        for (uint index = 0; index < many; index++)
        {
            SystemResult copied = Setting.Root.Copy(first + index, Setting.Root, source);
            if (copied != SystemResult.Ok)
            {
                test.Ok(copied);
            }
        }

        test.Gives(SystemResult.Again, Ask.Root(CNodeOperation.Revoke, source));
        test.Ok(Setting.Root.Revoke(source));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(first));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(first + many - 1));
    }

    private static void ContentsOfANode(ref Test test)
    {
        test.Is("contents-of-a-node"u8, "what is held by a CNode alone ends with the CNode, and its memory comes back"u8);
        uint node = test.Make(CapabilityType.CNode, 3);
        uint memory = test.Make(CapabilityType.Untyped, 12);
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Thread, new CNodeTable(node), 0));
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Endpoint, new CNodeTable(node), 7));
        test.Gives(SystemResult.HasChildren, new UntypedMemory(memory).Reset());
        test.Ok(Setting.Root.Delete(node));
        test.Ok(new UntypedMemory(memory).Reset());
    }

    private static void CycleOfNodes(ref Test test)
    {
        test.Is("cycle-of-nodes"u8, "CNodes that hold one another end when nobody else holds them"u8);
        uint memory = test.Make(CapabilityType.Untyped, 12);
        uint nodes = test.Take(2);
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.CNode, Setting.Root, nodes, 2));
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.CNode, Setting.Root, nodes + 1, 2));
        test.Ok(new CNodeTable(nodes).Move(1, Setting.Root, nodes + 1));
        uint path = test.Take();
        test.Ok(Setting.Root.Copy(path, new CNodeTable(nodes), 1));
        test.Ok(new CNodeTable(path).Move(1, Setting.Root, nodes));
        test.Ok(Setting.Root.Delete(path));
        test.Ok(Setting.Root.Revoke(memory));
        test.Ok(new UntypedMemory(memory).Reset());
    }

    private static void TwoLevels(ref Test test)
    {
        test.Is("two-levels"u8, "an address leads through two CNodes and their guards to a slot"u8);
        uint endpoint = SendFrom(ref test, Address(LowerGuard, Lower));
        test.Ok(test.Receive(endpoint, 0, out Message message));
        test.Same(Clients.FirstWord, message.Word0);
    }

    private static void WrongGuard(ref Test test)
    {
        test.Is("wrong-guard"u8, "an address with other bits than the guard's leads nowhere"u8);
        _ = SendFrom(ref test, Address(LowerGuard ^ 1, Lower));
        test.Same((ulong)SystemResult.AddressInvalid, Board.Get(0, Board.Result));
    }

    private static void EmptySlot(ref Test test)
    {
        test.Is("empty-slot"u8, "an address that leads to an empty slot says so"u8);
        _ = SendFrom(ref test, Address(LowerGuard, Lower + 1));
        test.Same((ulong)SystemResult.SlotEmpty, Board.Get(0, Board.Result));
    }

    private static void TooDeep(ref Test test)
    {
        test.Is("too-deep"u8, "an address that goes on behind what is no CNode leads nowhere"u8);
        _ = SendFrom(ref test, (Upper + 1) << (LowerRadix + LowerGuardBits));
        test.Same((ulong)SystemResult.AddressInvalid, Board.Get(0, Board.Result));
    }

    private static void BitsResolved(ref Test test)
    {
        test.Is("bits-resolved"u8, "a failed lookup tells how far it came"u8);
        CallAnswer answer = Ask.Words(1UL << 40, 1);
        test.Gives(SystemResult.AddressInvalid, (SystemResult)answer.Result);
        test.Same(0, answer.Word0);
        answer = Ask.Words(test.Take(), 1);
        test.Gives(SystemResult.SlotEmpty, (SystemResult)answer.Result);
        test.Same(64, answer.Word0);
    }

    // A worker whose root CNode has 4 bits behind a guard of 50; in it a CNode of 6 bits behind a guard of 4; in that an endpoint.
    private static uint SendFrom(ref Test test, uint address)
    {
        const byte upperGuardBits = 64 - UpperRadix - LowerRadix - LowerGuardBits;
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint upper = test.Make(CapabilityType.CNode, UpperRadix);
        uint lower = test.Make(CapabilityType.CNode, LowerRadix);
        test.Ok(new CNodeTable(lower).Copy(Lower, Setting.Root, endpoint));
        test.Ok(new CNodeTable(upper).Mint(
            Upper, Setting.Root, lower, CapabilityRights.All, CNodeGuard.Of(LowerGuardBits, LowerGuard).Raw));
        test.Ok(new CNodeTable(upper).Copy(Upper + 1, Setting.Root, endpoint));
        uint root = test.Mint(upper, CapabilityRights.All, CNodeGuard.Of(upperGuardBits).Raw);
        uint thread = Worker.Make(ref test, 0, root: root);
        Worker.Go(ref test, thread, 0, Role.Send, address);
        return endpoint;
    }

    private static uint Address(ulong guard, uint index) =>
        (Upper << (LowerRadix + LowerGuardBits)) | ((uint)guard << LowerRadix) | index;
}
