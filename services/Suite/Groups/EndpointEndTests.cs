using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>refusal</c>: what endpoints and messages refuse, and how waits end that nobody meets.</summary>
internal static class EndpointEndTests
{
    internal const uint Count = 9;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: NoRightToSend(ref test); break;
            case 1: NoRightToReceive(ref test); break;
            case 2: NoRightToCall(ref test); break;
            case 3: CancelBadged(ref test); break;
            case 4: CancelNeedsRights(ref test); break;
            case 5: ServerDies(ref test); break;
            case 6: EndpointDies(ref test); break;
            case 7: WrongTypes(ref test); break;
            case 8: TooLong(ref test); break;
        }
    }

    private static void NoRightToSend(ref Test test)
    {
        test.Is("no-right-to-send"u8, "who may only receive cannot send, and hears which right is missing"u8);
        uint endpoint = test.Mint(test.Make(CapabilityType.Endpoint), CapabilityRights.Read, 0);
        Message message = Message.Of(1);
        test.Gives(SystemResult.RightMissing, Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
        CallAnswer answer = Ask.Words(endpoint, 1);
        test.Gives(SystemResult.RightMissing, (SystemResult)answer.Result);
        test.Same((ulong)(CapabilityRights.Write | CapabilityRights.GrantReply), answer.Word0);
    }

    private static void NoRightToReceive(ref Test test)
    {
        test.Is("no-right-to-receive"u8, "who may only send cannot receive"u8);
        uint endpoint = test.Mint(test.Make(CapabilityType.Endpoint), CapabilityRights.Write | CapabilityRights.Grant, 0);
        test.Gives(SystemResult.RightMissing, Ipc.Receive(endpoint, 0, out Message message, SystemCallFlags.NonBlocking));
        test.Same((ulong)CapabilityRights.Read, message.Word0);
    }

    private static void NoRightToCall(ref Test test)
    {
        test.Is("no-right-to-call"u8, "a call gives the right to reply, so who cannot give it can send and not call"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint send = test.Mint(endpoint, CapabilityRights.Write, 0);
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        test.Gives(SystemResult.RightMissing, (SystemResult)Ask.Words(send, 1).Result);
        test.Same(0, Board.Get(0, Board.Count));
        Message message = Message.Of(1);
        test.Ok(Ipc.Send(send, ref message));
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void CancelBadged(ref Test test)
    {
        test.Is("cancel-badged"u8, "senders with one badge are sent home, others wait on"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint one = test.Mint(endpoint, CapabilityRights.All, 1);
        uint two = test.Mint(endpoint, CapabilityRights.All, 2);
        _ = Worker.Start(ref test, 0, Role.Send, one);
        _ = Worker.Start(ref test, 1, Role.Send, two);
        _ = Worker.Start(ref test, 2, Role.Send, one);
        test.Ok(Ask.Root(CNodeOperation.CancelBadgedSends, one));
        test.Same((ulong)SystemResult.Cancelled, Board.Get(0, Board.Result));
        test.Same((ulong)SystemResult.Cancelled, Board.Get(2, Board.Result));
        test.Same(0, Board.Get(1, Board.Count));
        test.Ok(test.Receive(endpoint, 0, out Message message));
        test.Same(2, message.Badge);
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(endpoint, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void CancelNeedsRights(ref Test test)
    {
        test.Is("cancel-needs-rights"u8, "senders are cancelled through a capability with all rights to an endpoint only"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint less = test.Mint(endpoint, CapabilityRights.Read | CapabilityRights.Write, 1);
        test.Gives(SystemResult.RightMissing, Ask.Root(CNodeOperation.CancelBadgedSends, less));
        test.Gives(SystemResult.WrongType, Ask.Root(CNodeOperation.CancelBadgedSends, test.Make(CapabilityType.Notification)));
    }

    private static void ServerDies(ref Test test)
    {
        test.Is("server-dies"u8, "a caller whose server is destroyed hears that nobody will answer"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint reply = test.Make(CapabilityType.Reply);
        uint server = Worker.Start(ref test, 0, Role.Keep, endpoint, reply);
        test.Ok(new ThreadControl(server).UnbindContext());
        _ = Worker.Start(ref test, 1, Role.Delete, server, priority: Priority.Below);
        Message message = Message.Of(1);
        test.Gives(SystemResult.PeerDied, test.Call(endpoint, ref message));
    }

    private static void EndpointDies(ref Test test)
    {
        test.Is("endpoint-dies"u8, "who waits at an endpoint hears that it was destroyed"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.Send, endpoint);
        _ = Worker.Start(ref test, 1, Role.Call, endpoint);
        test.Ok(Setting.Root.Delete(endpoint));
        test.Same((ulong)SystemResult.PeerDied, Board.Get(0, Board.Result));
        test.Same((ulong)SystemResult.PeerDied, Board.Get(1, Board.Result));
        uint other = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 2, Role.Delete, other, priority: Priority.Below);
        test.Gives(SystemResult.PeerDied, test.Receive(other, 0, out _));
    }

    private static void WrongTypes(ref Test test)
    {
        test.Is("wrong-types"u8, "what is no endpoint cannot be sent to or received from, and its type is told"u8);
        Message message = Message.Of(1);
        test.Gives(SystemResult.WrongType, Ipc.Send(RootSlot.CNode, ref message, SystemCallFlags.NonBlocking));
        test.Gives(SystemResult.WrongType, Ipc.Receive(RootSlot.VSpace, 0, out message, SystemCallFlags.NonBlocking));
        test.Same((ulong)CapabilityType.VSpace, message.Word0);
        uint empty = test.Take();
        test.Gives(SystemResult.SlotEmpty, Ipc.Receive(empty, 0, out _, SystemCallFlags.NonBlocking));
        test.Gives(SystemResult.SlotEmpty, Ipc.Send(empty, ref message, SystemCallFlags.NonBlocking));
    }

    private static void TooLong(ref Test test)
    {
        test.Is("too-long"u8, "a message that says it has more words than a message can have is refused"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        for (uint words = MessageHeader.WordsMax + 1; words < 128; words++)
        {
            Message message = Message.Of(1, words);
            test.Gives(SystemResult.ArgumentInvalid, Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
        }

        test.Same(0, Board.Get(0, Board.Count));
    }
}
