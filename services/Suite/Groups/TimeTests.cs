using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Groups <c>budget</c> and <c>deadline</c>: time that threads have, and times at which waits end.</summary>
internal static class TimeTests
{
    internal const uint BudgetCount = 11;
    internal const uint DeadlineCount = 7;

    private const uint OneUnit = 1;

    private const ulong Never = ulong.MaxValue;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Ranges(ref test); break;
            case 1: BoundOnce(ref test); break;
            case 2: WithoutTime(ref test); break;
            case 3: BudgetEnds(ref test); break;
            case 4: RoundRobin(ref test); break;
            case 5: Shares(ref test); break;
            case 6: Lending(ref test); break;
            case 7: EndIsTold(ref test); break;
            case 8: TimeIsDeleted(ref test); break;
            case 9: LentTimeComesBack(ref test); break;
            case 10: BudgetEndsAfterASignal(ref test); break;
        }
    }

    internal static void RunDeadline(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Past(ref test); break;
            case 1: Far(ref test); break;
            case 2: Order(ref test); break;
            case 3: NotEarly(ref test); break;
            case 4: OldDeadline(ref test); break;
            case 5: SenderTimesOut(ref test); break;
            case 6: Signalled(ref test); break;
        }
    }

    private static void Ranges(ref Test test)
    {
        test.Is("ranges"u8, "a budget of at least 10 us and at most its period, and a period of at most an hour"u8);
        uint time = test.Make(CapabilityType.SchedulingContext);
        SchedulingAuthority authority = new(RootSlot.SchedulingControl);
        test.Gives(SystemResult.ArgumentInvalid, authority.Configure(time, 9, 1000));
        test.Gives(SystemResult.ArgumentInvalid, authority.Configure(time, 0, 0));
        test.Gives(SystemResult.ArgumentInvalid, authority.Configure(time, 1001, 1000));
        test.Gives(SystemResult.ArgumentInvalid, authority.Configure(time, 10, 3_600_000_001));
        test.Gives(SystemResult.ArgumentInvalid, authority.Configure(time, Never, Never));
        test.Gives(SystemResult.WrongType, authority.Configure(test.Setting.Quiet, 10, 10));
        test.Ok(authority.Configure(time, 10, 3_600_000_000));
    }

    private static void BoundOnce(ref Test test)
    {
        test.Is("bound-once"u8, "time belongs to one thread and a thread has one time; time without a budget to nobody"u8);
        uint thread = Worker.Make(ref test, 0);
        uint bare = test.Make(CapabilityType.Thread);
        uint time = test.Make(CapabilityType.SchedulingContext);
        test.Gives(SystemResult.WrongState, new ThreadControl(bare).BindContext(time));
        test.Gives(SystemResult.WrongState, new ThreadControl(bare).BindContext(thread + 1));
        test.Ok(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(time, 100, 1000));
        test.Gives(SystemResult.WrongState, new ThreadControl(thread).BindContext(time));
        test.Gives(SystemResult.WrongState, new ThreadControl(bare).UnbindContext());
        test.Ok(new ThreadControl(bare).BindContext(time));
    }

    private static void WithoutTime(ref Test test)
    {
        test.Is("without-time"u8, "a thread without time does not run, and runs when it gets some"u8);
        uint notification = test.Make(CapabilityType.Notification);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new ThreadControl(thread).UnbindContext());
        Worker.Go(ref test, thread, 0, Role.Signal, notification);
        test.Sleep(200);
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(new ThreadControl(thread).BindContext(thread + 1));
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void BudgetEnds(ref Test test)
    {
        test.Is("budget-ends"u8, "a loop at a higher priority stops when its budget is used up, and goes on in the next period"u8);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(thread + 1, 500, 10_000));
        ulong began = Ipc.Now();
        Worker.Go(ref test, thread, 0, Role.Spin);
        ulong count = Board.Get(0, Board.Count);
        test.AtLeast(500 * test.Setting.TicksPerMicrosecond, Ipc.Now() - began);
        test.AtLeast(1, count);
        Ipc.Yield();
        test.Same(count, Board.Get(0, Board.Count));
        test.Sleep(12_000);
        test.AtLeast(count + 1, Board.Get(0, Board.Count));
    }

    // The signal switches to it at once: a way of its own through the kernel, on which the timer has to be set, too.
    private static void BudgetEndsAfterASignal(ref Test test)
    {
        test.Is("budget-ends-after-a-signal"u8, "a loop that a signal of a lower priority begins stops when its budget is used up, and the signaller goes on"u8);
        uint notification = test.Make(CapabilityType.Notification);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(thread + 1, 60, 10_000));
        Worker.Go(ref test, thread, 0, Role.KeepAndSpin, notification);
        test.Same(0, Board.Get(0, Board.Count));

        // Whatever the timer was set for when it began to wait is past then.
        test.Sleep(200);
        ulong began = Ipc.Now();
        test.Ok(Ipc.Signal(notification));
        ulong took = Ipc.Now() - began;
        test.AtLeast(1, Board.Get(0, Board.Count));
        test.AtLeast(30 * test.Setting.TicksPerMicrosecond, took);
        test.AtMost(120 * test.Setting.TicksPerMicrosecond, took);
    }

    private static void RoundRobin(ref Test test)
    {
        test.Is("round-robin"u8, "threads of one priority that never wait get turns of the same length"u8);
        _ = Worker.Start(ref test, 0, Role.Spin, priority: Priority.Below);
        _ = Worker.Start(ref test, 1, Role.Spin, priority: Priority.Below);
        _ = Worker.Start(ref test, 2, Role.Spin, priority: Priority.Below);
        test.Sleep(12_000);
        ulong most = Board.Get(0, Board.Count);
        ulong least = most;
        for (uint number = 1; number < 3; number++)
        {
            ulong count = Board.Get(number, Board.Count);
            most = count > most ? count : most;
            least = count < least ? count : least;
        }

        test.AtLeast(1, least);
        test.AtMost(2 * least, most);
    }

    private static void Shares(ref Test test)
    {
        test.Is("shares"u8, "two budgets of which one is three times the other share time in about that way"u8);
        uint small = Worker.Make(ref test, 0);
        uint large = Worker.Make(ref test, 1);
        SchedulingAuthority authority = new(RootSlot.SchedulingControl);
        test.Ok(authority.Configure(small + 1, 500, 5000));
        test.Ok(authority.Configure(large + 1, 1500, 5000));
        Worker.Go(ref test, small, 0, Role.Spin);
        Worker.Go(ref test, large, 1, Role.Spin);
        test.Sleep(24_000);
        ulong least = Board.Get(0, Board.Count);
        ulong most = Board.Get(1, Board.Count);
        test.AtLeast(1, least);
        test.AtLeast(2 * least, most);
        test.AtMost(5 * least, most);
    }

    private static void Lending(ref Test test)
    {
        test.Is("lending"u8, "a server without time serves on its caller's, and has none when it has answered"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint server = Worker.Start(ref test, 0, Role.Echo, endpoint, test.Make(CapabilityType.Reply));
        test.Ok(new ThreadControl(server).UnbindContext());
        test.Same(6, Ask.Words(endpoint, 1, 5).Word0);
        Message message = Message.Of(1);
        test.Ok(Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
        test.Sleep(200);
        test.Same(1, Board.Get(0, Board.Count));
        test.Ok(new ThreadControl(server).BindContext(server + 1));
        test.Same(2, Board.Get(0, Board.Count));
    }

    private static void EndIsTold(ref Test test)
    {
        test.Is("end-is-told"u8, "the end of a budget is a fault message for who asked for it, and the answer lets the thread go on in its next"u8);
        CodePage page = new(0);
        page.Turn(3_000_000);
        ulong after = page.Here;
        page.Stop();
        Probe probe = Probe.Make(ref test);
        test.Ok(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(probe.Thread + 1, 200, 2000));
        test.Ok(Ask.Do(probe.Thread, (ulong)ThreadOperation.SetFaults, (ulong)FaultOptions.Budget));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(probe.Thread, (ulong)ThreadOperation.SetFaults, 4));
        probe.Go(ref test, Layout.CodeRun);
        Message message = probe.Expect(ref test, FaultKind.Budget);
        test.AtLeast(Layout.CodeRun, message.Word0);
        test.AtMost(after, message.Word0);
        test.Ok(Ask.Do(probe.Thread, (ulong)ThreadOperation.SetFaults, (ulong)FaultOptions.None));
        test.Ok(probe.Answer(FaultWords.Resume));
        probe.Stops(ref test, after);
    }

    private static void TimeIsDeleted(ref Test test)
    {
        test.Is("time-is-deleted"u8, "a thread whose time is destroyed stops, and nothing else does"u8);
        uint thread = Worker.Start(ref test, 0, Role.Spin, priority: Priority.Below);
        test.Sleep(200);
        test.Ok(Setting.Root.Delete(thread + 1));
        ulong count = Board.Get(0, Board.Count);
        test.AtLeast(1, count);
        test.Sleep(500);
        test.Same(count, Board.Get(0, Board.Count));
    }

    private static void LentTimeComesBack(ref Test test)
    {
        test.Is("lent-time-comes-back"u8, "who gives up a call has its time again, though the server still has the message"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint server = Worker.Start(ref test, 0, Role.Keep, endpoint, test.Make(CapabilityType.Reply));
        test.Ok(new ThreadControl(server).UnbindContext());
        for (int time = 0; time < 3; time++)
        {
            Message message = Message.Of(1);
            test.Gives(SystemResult.TimedOut, Ipc.Call(endpoint, ref message, SystemCallFlags.HasDeadline, test.In(200)));
        }

        test.Sleep(200);
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void Past(ref Test test)
    {
        test.Is("past"u8, "a deadline in the past ends a wait at once, and what is there already is still taken"u8);
        uint notification = test.Make(CapabilityType.Notification);
        test.Gives(SystemResult.TimedOut, Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, 0));
        test.Gives(SystemResult.TimedOut, Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, 1));
        test.Gives(SystemResult.TimedOut, Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, Ipc.Now() - 1));
        test.Ok(Ipc.Signal(notification));
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, 1));
    }

    private static void Far(ref Test test)
    {
        test.Is("far"u8, "a deadline in centuries is one: what comes before it is received"u8);
        uint notification = test.Make(CapabilityType.Notification);
        _ = Worker.Start(ref test, 0, Role.Signal, notification, priority: Priority.Below);
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, Never - 1));
        _ = Worker.Start(ref test, 1, Role.Signal, notification, priority: Priority.Below);
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, Never));
    }

    private static void Order(ref Test test)
    {
        test.Is("order"u8, "waits end in the order of their deadlines, not in that in which they began"u8);
        uint quiet = test.Setting.Quiet;
        _ = Worker.Start(ref test, 0, Role.Sleep, 30, quiet);
        _ = Worker.Start(ref test, 1, Role.Sleep, 10, quiet);
        _ = Worker.Start(ref test, 2, Role.Sleep, 40, quiet);
        _ = Worker.Start(ref test, 3, Role.Sleep, 20, quiet);
        for (int look = 0; look < 100 && Board.Logged < Layout.Workers; look++)
        {
            test.Sleep(1000);
        }

        test.Same(Layout.Workers, Board.Logged);
        test.Same(1, Board.LogAt(0));
        test.Same(3, Board.LogAt(1));
        test.Same(0, Board.LogAt(2));
        test.Same(2, Board.LogAt(3));
        test.Same((ulong)SystemResult.TimedOut, Board.Get(2, Board.Result));
    }

    private static void NotEarly(ref Test test)
    {
        test.Is("not-early"u8, "no wait ends before its deadline, whatever its length"u8);
        for (ulong microseconds = 1; microseconds < 2000; microseconds = (microseconds * 2) + 1)
        {
            ulong until = test.In(microseconds);
            test.Gives(SystemResult.TimedOut, Ipc.Receive(test.Setting.Quiet, 0, out _, SystemCallFlags.HasDeadline, until));
            test.AtLeast(until, Ipc.Now());
        }

        // The end of another's wait makes the kernel look at deadlines shortly before this one's.
        _ = Worker.Start(ref test, 0, Role.Sleep, OneUnit, test.Setting.Quiet);
        ulong later = test.In(20) + (OneUnit * Clients.TicksOfUnit);
        test.Gives(SystemResult.TimedOut, Ipc.Receive(test.Setting.Quiet, 0, out _, SystemCallFlags.HasDeadline, later));
        test.AtLeast(later, Ipc.Now());
        test.Same((ulong)SystemResult.TimedOut, Board.Get(0, Board.Result));
    }

    private static void OldDeadline(ref Test test)
    {
        test.Is("old-deadline"u8, "the deadline of a wait that has ended does not end the next"u8);
        uint notification = test.Make(CapabilityType.Notification);
        _ = Worker.Start(ref test, 0, Role.Signal, notification, priority: Priority.Below);
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, test.In(1000)));
        ulong until = test.In(3000);
        test.Gives(SystemResult.TimedOut, Ipc.Receive(notification, 0, out _, SystemCallFlags.HasDeadline, until));
        test.AtLeast(until, Ipc.Now());
    }

    private static void SenderTimesOut(ref Test test)
    {
        test.Is("sender-times-out"u8, "a send and a call that nobody receives end at their deadline, and leave the queue"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        Message message = Message.Of(1);
        ulong until = test.In(300);
        test.Gives(SystemResult.TimedOut, Ipc.Call(endpoint, ref message, SystemCallFlags.HasDeadline, until));
        test.AtLeast(until, Ipc.Now());
        test.Gives(SystemResult.WouldBlock, Ipc.Receive(endpoint, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void Signalled(ref Test test)
    {
        test.Is("signalled"u8, "a signal that comes before the deadline is what the wait brings"u8);
        uint notification = test.Mint(test.Make(CapabilityType.Notification), CapabilityRights.All, 12);
        _ = Worker.Start(ref test, 0, Role.Signal, notification, priority: Priority.Below);
        ulong until = test.In(50_000);
        test.Ok(Ipc.Receive(notification, 0, out Message message, SystemCallFlags.HasDeadline, until));
        test.Same(12, message.Badge);
        test.AtMost(until, Ipc.Now());
    }
}
