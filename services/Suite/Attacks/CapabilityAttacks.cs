using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>attack-capability</c>: authority that was not given.</summary>
internal static class CapabilityAttacks
{
    internal const uint Count = 7;

    private const uint Slots = 1u << RootSlot.RootRadix;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: ForgedAddresses(ref test); break;
            case 1: GuessedAddresses(ref test); break;
            case 2: OtherRoot(ref test); break;
            case 3: DeletedCapability(ref test); break;
            case 4: ReplyOfOthers(ref test); break;
            case 5: BorrowedPriority(ref test); break;
            case 6: HostileWords(ref test); break;
        }
    }

    private static void ForgedAddresses(ref Test test)
    {
        test.Is("forged-addresses"u8, "no address behind the last slot names anything: sign bits, kernel addresses, any single bit"u8);
        for (int bit = 10; bit < 64; bit++)
        {
            Nothing(ref test, 1UL << bit);
            Nothing(ref test, (1UL << bit) | RootSlot.CNode);
            Nothing(ref test, ulong.MaxValue << bit);
        }

        Nothing(ref test, ObjectWindow.Base);
        Nothing(ref test, ObjectWindow.Base + Ask.Physical(test.Setting.Code));
        Nothing(ref test, Layout.KernelText);
        Nothing(ref test, ulong.MaxValue);
    }

    private static void Nothing(ref Test test, ulong address)
    {
        SystemResult result = Ask.Do(address, 1);
        if (result != SystemResult.AddressInvalid)
        {
            test.Gives(SystemResult.AddressInvalid, result);
        }

        Message message = Message.Of(1);
        test.Gives(SystemResult.AddressInvalid, Ipc.Send(address, ref message, SystemCallFlags.NonBlocking));
    }

    private static void GuessedAddresses(ref Test test)
    {
        test.Is("guessed-addresses"u8, "every slot that is not filled is empty to all who guess it"u8);
        uint first = test.Take();
        for (uint slot = first; slot < Report.PortSlot; slot++)
        {
            SystemResult result = Ask.Do(slot, 1);
            if (result != SystemResult.SlotEmpty)
            {
                test.Gives(SystemResult.SlotEmpty, result);
            }
        }

        test.Gives(SystemResult.SlotEmpty, Ask.Do(RootSlot.Null, 1));
        test.Gives(SystemResult.SlotEmpty, Ask.Do(Slots - 1, 1));
        test.Gives(SystemResult.AddressInvalid, Ask.Do(Slots, 1));
    }

    private static void OtherRoot(ref Test test)
    {
        test.Is("other-root"u8, "a thread with another root CNode reaches what is in that, and nothing of this one's"u8);
        uint root = test.Make(CapabilityType.CNode, 3);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        test.Ok(new CNodeTable(root).Copy(2, Setting.Root, endpoint));
        uint thread = Worker.Make(ref test, 0, root: root);
        Worker.Go(ref test, thread, 0, Role.Signal, endpoint);
        test.Same((ulong)SystemResult.AddressInvalid, Board.Get(0, Board.Result));
        uint second = Worker.Make(ref test, 1, root: root);
        Worker.Go(ref test, second, 1, Role.Signal, RootSlot.CNode);
        test.Same((ulong)SystemResult.SlotEmpty, Board.Get(1, Board.Result));
        uint third = Worker.Make(ref test, 2, root: root);
        Worker.Go(ref test, third, 2, Role.Send, 2);
        test.Ok(test.Receive(endpoint, 0, out _));
        test.Same((ulong)SystemResult.Ok, Board.Get(2, Board.Result));
    }

    private static void DeletedCapability(ref Test test)
    {
        test.Is("deleted-capability"u8, "who waits through a capability that is deleted keeps its place; who comes later has nothing"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint copy = test.Mint(endpoint, CapabilityRights.All, 3);
        _ = Worker.Start(ref test, 0, Role.Send, copy);
        test.Ok(Setting.Root.Delete(copy));
        Message message = Message.Of(1);
        test.Gives(SystemResult.SlotEmpty, Ipc.Send(copy, ref message, SystemCallFlags.NonBlocking));
        test.Ok(test.Receive(endpoint, 0, out message));
        test.Same(3, message.Badge);
    }

    private static void ReplyOfOthers(ref Test test)
    {
        test.Is("reply-of-others"u8, "an answer goes to the caller that was taken with this reply object, and through no other"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint mine = test.Make(CapabilityType.Reply);
        uint other = test.Make(CapabilityType.Reply);
        _ = Worker.Start(ref test, 0, Role.Call, endpoint);
        test.Ok(test.Receive(endpoint, mine, out _));
        Message answer = Message.Of(1, 1, 9);
        test.Gives(SystemResult.NoCaller, Ipc.Send(other, ref answer));
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(Ipc.Send(mine, ref answer));
        test.Same(9, Board.Get(0, Board.Word0));
    }

    private static void BorrowedPriority(ref Test test)
    {
        test.Is("borrowed-priority"u8, "a thread that may give priority 100 cannot give 101 to any thread, in either argument"u8);
        uint thread = Worker.Make(ref test, 0);
        uint victim = Worker.Make(ref test, 1);
        test.Ok(new ThreadControl(thread).SetPriority(Priority.Above, most: 100));
        ulong before = Ask.Words(victim, (ulong)ThreadOperation.Describe).Word0;
        Worker.Go(ref test, thread, 0, Role.Raise, victim, 255);
        test.Same((ulong)SystemResult.AuthorityMissing, Board.Get(0, Board.Result));
        test.Same(before, Ask.Words(victim, (ulong)ThreadOperation.Describe).Word0);
        test.Gives(SystemResult.AuthorityMissing, Ask.Do(victim, (ulong)ThreadOperation.SetPriority, 256, 1));
        test.Gives(SystemResult.AuthorityMissing, Ask.Do(victim, (ulong)ThreadOperation.SetPriority, 1, ulong.MaxValue));
    }

    // Each operation of each kind of object with words that mean something elsewhere. That all comes back afterwards is checked at the test's end.
    private static void HostileWords(ref Test test)
    {
        test.Is("hostile-words"u8, "no words to any operation of any object do more than that object's own part"u8);
        uint first = test.Take(9);
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.Untyped, Setting.Root, first, 12));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.CNode, Setting.Root, first + 1, 3));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.Frame, Setting.Root, first + 2, ObjectSize.FrameBits));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.PageTable, Setting.Root, first + 3));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.VSpace, Setting.Root, first + 4));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.Thread, Setting.Root, first + 5));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.SchedulingContext, Setting.Root, first + 6));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.Notification, Setting.Root, first + 7));
        test.Ok(new UntypedMemory(test.Setting.Arena).Retype(CapabilityType.Reply, Setting.Root, first + 8));
        uint random = 1;
        for (uint round = 0; round < 3000; round++)
        {
            uint target = first + (round % 9);
            ulong operation = Next(ref random) % 17;
            _ = Ask.Do(target, operation, Nasty(ref random, first), Nasty(ref random, first), Nasty(ref random, first), Nasty(ref random, first));
        }

        test.Same((ulong)CapabilityType.CNode, (ulong)Ask.TypeOf(RootSlot.CNode));
        test.Same((ulong)CapabilityType.Thread, (ulong)Ask.TypeOf(RootSlot.Thread));
        test.Same(0, UserMemory.Read(Layout.Board));
    }

    // Never 1: as an address that is the root CNode, which this program may well ruin.
    private static ulong Nasty(ref uint random, uint first) => (Next(ref random) % 12) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << 63,
        3 => UserSpace.End,
        4 => ObjectWindow.Base,
        5 => Layout.KernelText,
        6 => Layout.Free,
        7 => 7,
        8 => first + (Next(ref random) % 9),
        9 => ((ulong)Next(ref random) << 32) | 6,
        10 => Layout.NonCanonical,
        _ => ((ulong)Next(ref random) << 32) | (Next(ref random) | 2),
    };

    // Xorshift (Marsaglia 2003).
    private static uint Next(ref uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return state;
    }
}
