using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>notification</c>: bits that stay until somebody takes them.</summary>
internal static class NotificationTests
{
    internal const uint Count = 11;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: BitsGather(ref test); break;
            case 1: Poll(ref test); break;
            case 2: WithoutBadge(ref test); break;
            case 3: Wakes(ref test); break;
            case 4: WakesOne(ref test); break;
            case 5: Bound(ref test); break;
            case 6: BoundAndPending(ref test); break;
            case 7: BoundOnce(ref test); break;
            case 8: TimesOut(ref test); break;
            case 9: Dies(ref test); break;
            case 10: Rights(ref test); break;
        }
    }

    private static void BitsGather(ref Test test)
    {
        test.Is("bits-gather"u8, "signals that nobody waits for gather, and one wait takes all of them"u8);
        uint notification = test.Make(CapabilityType.Notification);
        test.Ok(Ipc.Signal(test.Mint(notification, CapabilityRights.Write, 1)));
        test.Ok(Ipc.Signal(test.Mint(notification, CapabilityRights.Write, 1UL << 63)));
        test.Ok(Ipc.Signal(test.Mint(notification, CapabilityRights.Write, 1)));
        test.Ok(test.Receive(notification, 0, out Message message));
        test.Same(1 | (1UL << 63), message.Badge);
        test.That(message.Header.IsSignal);
        test.Same(0, message.Word0);
    }

    private static void Poll(ref Test test)
    {
        test.Is("poll"u8, "a look at a notification without signals does not wait, and a signal is taken once"u8);
        uint notification = test.Make(CapabilityType.Notification);
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
        test.Ok(Ipc.Signal(notification));
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void WithoutBadge(ref Test test)
    {
        test.Is("without-badge"u8, "a signal without bits is a signal"u8);
        uint notification = test.Make(CapabilityType.Notification);
        test.Ok(Ipc.Signal(notification));
        test.Ok(Ipc.Receive(notification, 0, out Message message, SystemCallFlags.NonBlocking));
        test.Same(0, message.Badge);
        test.That(message.Header.IsSignal);
    }

    private static void Wakes(ref Test test)
    {
        test.Is("wakes"u8, "who waits is woken with the bits, and nothing is left"u8);
        uint notification = test.Make(CapabilityType.Notification);
        uint badged = test.Mint(notification, CapabilityRights.All, 6);
        _ = Worker.Start(ref test, 0, Role.Receive, notification);
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(Ipc.Signal(badged));
        test.Same(1, Board.Get(0, Board.Count));
        test.Same(6, Board.Get(0, Board.Badge));
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void WakesOne(ref Test test)
    {
        test.Is("wakes-one"u8, "a signal wakes one waiter, the one that came first"u8);
        uint notification = test.Make(CapabilityType.Notification);
        _ = Worker.Start(ref test, 0, Role.Receive, notification);
        _ = Worker.Start(ref test, 1, Role.Receive, notification);
        test.Ok(Ipc.Signal(notification));
        test.Same(1, Board.Get(0, Board.Count));
        test.Same(0, Board.Get(1, Board.Count));
        test.Ok(Ipc.Signal(notification));
        test.Same(1, Board.Get(1, Board.Count));
    }

    private static void Bound(ref Test test)
    {
        test.Is("bound"u8, "a signal at a thread's own notification ends its wait at an endpoint"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint notification = test.Mint(test.Make(CapabilityType.Notification), CapabilityRights.All, 9);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(Ask.Do(thread, (ulong)ThreadOperation.BindNotification, notification));
        Worker.Go(ref test, thread, 0, Role.Receive, endpoint);
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(Ipc.Signal(notification));
        test.Same(1, Board.Get(0, Board.Count));
        test.Same(9, Board.Get(0, Board.Badge));
        test.Same(MessageHeader.Signal.Raw, Board.Get(0, Board.Header));
        Message message = Message.Of(1);
        test.Gives(SystemResult.WouldBlock, Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
    }

    private static void BoundAndPending(ref Test test)
    {
        test.Is("bound-and-pending"u8, "a signal that came before is what the next receive brings"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint notification = test.Mint(test.Make(CapabilityType.Notification), CapabilityRights.All, 3);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(Ask.Do(thread, (ulong)ThreadOperation.BindNotification, notification));
        test.Ok(Ipc.Signal(notification));
        Worker.Go(ref test, thread, 0, Role.Receive, endpoint);
        test.Same(1, Board.Get(0, Board.Count));
        test.Same(3, Board.Get(0, Board.Badge));
    }

    private static void BoundOnce(ref Test test)
    {
        test.Is("bound-once"u8, "a notification has one thread and a thread one notification, until it is freed"u8);
        uint one = test.Make(CapabilityType.Notification);
        uint two = test.Make(CapabilityType.Notification);
        uint first = Worker.Make(ref test, 0);
        uint second = Worker.Make(ref test, 1);
        test.Ok(Ask.Do(first, (ulong)ThreadOperation.BindNotification, one));
        test.Gives(SystemResult.WrongState, Ask.Do(first, (ulong)ThreadOperation.BindNotification, two));
        test.Gives(SystemResult.WrongState, Ask.Do(second, (ulong)ThreadOperation.BindNotification, one));
        test.Ok(Ask.Do(first, (ulong)ThreadOperation.UnbindNotification));
        test.Gives(SystemResult.WrongState, Ask.Do(first, (ulong)ThreadOperation.UnbindNotification));
        test.Ok(Ask.Do(second, (ulong)ThreadOperation.BindNotification, one));
        uint blind = test.Mint(two, CapabilityRights.Write, 0);
        test.Gives(SystemResult.RightMissing, Ask.Do(first, (ulong)ThreadOperation.BindNotification, blind));
    }

    private static void TimesOut(ref Test test)
    {
        test.Is("times-out"u8, "a wait ends at its deadline, and a later signal stays for the next"u8);
        uint notification = test.Make(CapabilityType.Notification);
        ulong until = test.In(300);
        test.Gives(SystemResult.TimedOut, Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, until));
        test.AtLeast(until, Ipc.Now());
        test.Ok(Ipc.Signal(notification));
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void Dies(ref Test test)
    {
        test.Is("dies"u8, "all who wait hear that the notification was destroyed"u8);
        uint notification = test.Make(CapabilityType.Notification);
        _ = Worker.Start(ref test, 0, Role.Receive, notification);
        _ = Worker.Start(ref test, 1, Role.Receive, notification);
        test.Ok(Setting.Root.Delete(notification));
        test.Same((ulong)SystemResult.PeerDied, Board.Get(0, Board.Result));
        test.Same((ulong)SystemResult.PeerDied, Board.Get(1, Board.Result));
    }

    private static void Rights(ref Test test)
    {
        test.Is("rights"u8, "signalling needs the right to write, waiting the right to read"u8);
        uint notification = test.Make(CapabilityType.Notification);
        uint read = test.Mint(notification, CapabilityRights.Read, 0);
        uint write = test.Mint(notification, CapabilityRights.Write, 0);
        test.Gives(SystemResult.RightMissing, Ipc.Signal(read));
        test.Gives(SystemResult.RightMissing, Ipc.Receive(write, 0, out _, SystemCallFlags.NonBlocking));
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(read, 0, out _, SystemCallFlags.NonBlocking));
        test.Ok(Ipc.Signal(write));
        test.Ok(Ipc.Receive(read, 0, out _, SystemCallFlags.NonBlocking));
    }
}
