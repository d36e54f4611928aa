using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>endpoint</c>: sending, receiving, calling and answering.</summary>
internal static class EndpointTests
{
    internal const uint Count = 16;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: SenderWaits(ref test); break;
            case 1: ReceiverWaits(ref test); break;
            case 2: Call(ref test); break;
            case 3: CallTheLongWay(ref test); break;
            case 4: CallWaits(ref test); break;
            case 5: Badge(ref test); break;
            case 6: DoesNotBlock(ref test); break;
            case 7: ReceiveTimesOut(ref test); break;
            case 8: CallTimesOut(ref test); break;
            case 9: Order(ref test); break;
            case 10: AnswerTwice(ref test); break;
            case 11: NobodyToAnswer(ref test); break;
            case 12: ReplyIsTakenOver(ref test); break;
            case 13: CallWithoutReply(ref test); break;
            case 14: TwoServers(ref test); break;
            case 15: ForgedSignal(ref test); break;
        }
    }

    private static void SenderWaits(ref Test test)
    {
        test.Is("sender-waits"u8, "a message that was sent first arrives with label and words, and the sender goes on"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.Send, endpoint);
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(test.Receive(endpoint, 0, out Message message));
        test.Same(Clients.Label, message.Header.Label);
        test.Same(4, message.Header.Words);
        test.Same(0, message.Badge);
        test.Same(Clients.FirstWord, message.Word0);
        test.Same(Clients.FirstWord + 1, message.Word1);
        test.Same(Clients.FirstWord + 2, message.Word2);
        test.Same(Clients.FirstWord + 3, message.Word3);
        test.Same(1, Board.Get(0, Board.Count));
        test.Same((ulong)SystemResult.Ok, Board.Get(0, Board.Result));
    }

    private static void ReceiverWaits(ref Test test)
    {
        test.Is("receiver-waits"u8, "a message to who waits already arrives with label and words"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        Message message = Message.Of(77, 3, 5, 6, 7, 8);
        test.Ok(Ipc.Send(endpoint, ref message));
        test.Same(1, Board.Get(0, Board.Count));
        test.Same(MessageHeader.Of(77, 3).Raw, Board.Get(0, Board.Header));
        test.Same(5, Board.Get(0, Board.Word0));
        test.Same(6, Board.Get(0, Board.Word0 + 1));
        test.Same(7, Board.Get(0, Board.Word0 + 2));
    }

    private static void Call(ref Test test)
    {
        test.Is("call"u8, "a call to a server that waits comes back with its answer, many times"u8);
        uint endpoint = StartEcho(ref test, isPassive: true);
        for (ulong word = 10; word < 30; word++)
        {
            CallAnswer answer = Ask.Words(endpoint, 1, word);
            test.Gives(SystemResult.Ok, (SystemResult)answer.Result);
            test.Same(word + 1, answer.Word0);
        }

        test.Same(20, Board.Get(0, Board.Count));
    }

    private static void CallTheLongWay(ref Test test)
    {
        test.Is("call-long-way"u8, "a call with a deadline, which the fast path does not do, says the same as one without"u8);
        uint endpoint = StartEcho(ref test, isPassive: true);
        for (ulong word = 10; word < 30; word++)
        {
            Message message = Message.Of(1, 4, word);
            test.Ok(test.Call(endpoint, ref message));
            test.Same(word + 1, message.Word0);
        }

        test.Same(20, Board.Get(0, Board.Count));
    }

    private static void CallWaits(ref Test test)
    {
        test.Is("call-waits"u8, "a call that comes before its server is served when the server comes"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint reply = test.Make(CapabilityType.Reply);
        _ = Worker.Start(ref test, 0, Role.Call, endpoint);
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(test.Receive(endpoint, reply, out _));
        test.Same(0, Board.Get(0, Board.Count));
        Message answer = Message.Of(3, 1, 99);
        test.Ok(Ipc.Send(reply, ref answer));
        test.Same(1, Board.Get(0, Board.Count));
        test.Same((ulong)SystemResult.Ok, Board.Get(0, Board.Result));
        test.Same(MessageHeader.Of(3, 1).Raw, Board.Get(0, Board.Header));
        test.Same(99, Board.Get(0, Board.Word0));
    }

    private static void Badge(ref Test test)
    {
        test.Is("badge"u8, "a server hears the badge of the capability that its caller used, on both ways"u8);
        uint endpoint = StartEcho(ref test, isPassive: true);
        uint badged = test.Mint(endpoint, CapabilityRights.All, 0x1234_5678_9ABC_DEF0);
        Message message = Message.Of(1, 4, 1);
        test.Ok(test.Call(badged, ref message));
        test.Same(0x1234_5678_9ABC_DEF0, message.Word1);
        message = Message.Of(1, 4, 1);
        test.Ok(Ipc.Call(badged, ref message));
        test.Same(0x1234_5678_9ABC_DEF0, message.Word1);
        test.Same(0, message.Badge);
    }

    private static void DoesNotBlock(ref Test test)
    {
        test.Is("does-not-block"u8, "with nobody at the other end a call that may not wait says so"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        Message message = Message.Of(1);
        test.Gives(SystemResult.WouldBlock, Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
        test.Gives(SystemResult.WouldBlock, Ipc.Call(endpoint, ref message, SystemCallFlags.NonBlocking));
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(endpoint, 0, out _, SystemCallFlags.NonBlocking));
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        message = Message.Of(1);
        test.Ok(Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void ReceiveTimesOut(ref Test test)
    {
        test.Is("receive-times-out"u8, "a receive ends at its deadline, and its place in the queue is free again"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        ulong until = test.In(500);
        test.Gives(SystemResult.TimedOut, Ipc.Receive(endpoint, 0, out _, SystemCallFlags.HasDeadline, until));
        test.AtLeast(until, Ipc.Now());
        Message message = Message.Of(1);
        test.Gives(SystemResult.WouldBlock, Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
    }

    private static void CallTimesOut(ref Test test)
    {
        test.Is("call-times-out"u8, "a call whose server never answers ends at its deadline, and a late answer finds nobody"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint reply = test.Make(CapabilityType.Reply);
        _ = Worker.Start(ref test, 0, Role.Keep, endpoint, reply);
        Message message = Message.Of(1, 1, 42);
        ulong until = test.In(500);
        test.Gives(SystemResult.TimedOut, Ipc.Call(endpoint, ref message, SystemCallFlags.HasDeadline, until));
        test.AtLeast(until, Ipc.Now());
        test.Same(42, Board.Get(0, Board.Word0));
        message = Message.Of(0);
        test.Gives(SystemResult.NoCaller, Ipc.Send(reply, ref message));
    }

    private static void Order(ref Test test)
    {
        test.Is("order"u8, "who waits first is received first, whatever the priority"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        for (uint number = 0; number < Layout.Workers; number++)
        {
            _ = Worker.Start(ref test, number, Role.Send, endpoint, priority: (byte)(Priority.Above + number));
        }

        for (uint number = 0; number < Layout.Workers; number++)
        {
            test.Ok(test.Receive(endpoint, 0, out Message message));
            test.Same(Clients.FirstWord + number, message.Word0);
        }
    }

    private static void AnswerTwice(ref Test test)
    {
        test.Is("answer-twice"u8, "a caller is answered once: the second answer finds nobody"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint reply = test.Make(CapabilityType.Reply);
        _ = Worker.Start(ref test, 0, Role.AnswerTwice, endpoint, reply);
        Message message = Message.Of(1);
        test.Ok(test.Call(endpoint, ref message));
        test.Same(1, message.Word0);
        test.Same((ulong)SystemResult.Ok, Board.Get(0, Board.Result));
        test.Same((ulong)SystemResult.NoCaller, Board.Get(0, Board.Second));
    }

    private static void NobodyToAnswer(ref Test test)
    {
        test.Is("nobody-to-answer"u8, "an answer without a caller is refused, and a reply object cannot be received from"u8);
        uint reply = test.Make(CapabilityType.Reply);
        Message message = Message.Of(1);
        test.Gives(SystemResult.NoCaller, Ipc.Send(reply, ref message));
        test.Gives(SystemResult.WrongType, Ipc.Receive(reply, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void ReplyIsTakenOver(ref Test test)
    {
        test.Is("reply-is-taken-over"u8, "a server that takes the next caller with the same reply object has given up the first, which hears it"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint reply = test.Make(CapabilityType.Reply);
        _ = Worker.Start(ref test, 0, Role.Call, endpoint);
        _ = Worker.Start(ref test, 1, Role.Call, endpoint);
        test.Ok(test.Receive(endpoint, reply, out _));
        test.Ok(test.Receive(endpoint, reply, out _));
        test.Same((ulong)SystemResult.PeerDied, Board.Get(0, Board.Result));
        test.Same(0, Board.Get(1, Board.Count));
        Message answer = Message.Of(0, 1, 5);
        test.Ok(Ipc.Send(reply, ref answer));
        test.Same(5, Board.Get(1, Board.Word0));
    }

    private static void CallWithoutReply(ref Test test)
    {
        test.Is("call-without-reply"u8, "a call to a receiver without a reply object ends: nobody can answer"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.Receive, endpoint);
        Message message = Message.Of(1);
        test.Gives(SystemResult.PeerDied, test.Call(endpoint, ref message));
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void TwoServers(ref Test test)
    {
        test.Is("two-servers"u8, "two servers at one endpoint share its callers"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        _ = Worker.Start(ref test, 0, Role.Echo, endpoint, test.Make(CapabilityType.Reply));
        _ = Worker.Start(ref test, 1, Role.Echo, endpoint, test.Make(CapabilityType.Reply));
        for (ulong word = 0; word < 10; word++)
        {
            Message message = Message.Of(1, 1, word);
            test.Ok(test.Call(endpoint, ref message));
            test.Same(word + 1, message.Word0);
        }

        test.Same(5, Board.Get(0, Board.Count));
        test.Same(5, Board.Get(1, Board.Count));
    }

    private static void ForgedSignal(ref Test test)
    {
        test.Is("forged-signal"u8, "no sender can make its message look like a signal, by sending or by calling"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint reply = test.Make(CapabilityType.Reply);
        uint server = Worker.Start(ref test, 0, Role.Keep, endpoint, reply);
        Message message = Message.Of(0);
        message.Header = MessageHeader.Signal;
        test.Ok(Ipc.Send(endpoint, ref message));
        test.Same(0, Board.Get(0, Board.Header));
        test.Ok(Setting.Root.Delete(server));
        uint next = Worker.Start(ref test, 1, Role.Keep, endpoint, reply);
        test.Ok(new ThreadControl(next).UnbindContext());
        _ = Ipc.Call(endpoint, ref message, SystemCallFlags.HasDeadline, test.In(500));
        test.Same(0, Board.Get(1, Board.Header));
    }

    /// <summary>Starts a server; a passive one runs on its callers' time.</summary>
    /// <returns>Its endpoint.</returns>
    internal static uint StartEcho(ref Test test, bool isPassive)
    {
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint server = Worker.Start(ref test, 0, Role.Echo, endpoint, test.Make(CapabilityType.Reply));
        if (isPassive)
        {
            test.Ok(new ThreadControl(server).UnbindContext());
        }

        return endpoint;
    }
}
