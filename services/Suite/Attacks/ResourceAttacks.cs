using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>attack-resource</c>: memory, slots and time of others.</summary>
internal static class ResourceAttacks
{
    internal const uint Count = 8;

    // How late a wait may end: what the kernel does in one go, and the scheduler.
    private const ulong LateMicroseconds = 400;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: ExhaustMemory(ref test); break;
            case 1: ExhaustSlots(ref test); break;
            case 2: Starve(ref test); break;
            case 3: Storm(ref test); break;
            case 4: Flood(ref test); break;
            case 5: Overspend(ref test); break;
            case 6: SpendLentTime(ref test); break;
            case 7: LoopAtTheSamePriority(ref test); break;
        }
    }

    private static void ExhaustMemory(ref Test test)
    {
        test.Is("exhaust-memory"u8, "who uses up its own memory has used up nobody else's"u8);
        uint memory = test.Make(CapabilityType.Untyped, 12);
        uint node = test.Make(CapabilityType.CNode, 7);
        uint root = MakeRoot(ref test, memory, node);
        ulong free = Ask.Detail(test.Setting.Arena);
        Exhaust(ref test, root);
        test.Same((ulong)SystemResult.NotEnoughMemory, Board.Get(0, Board.Result));
        test.Same(64, Board.Get(0, Board.Second));
        test.AtLeast(free - 8192, Ask.Detail(test.Setting.Arena));
        _ = test.Make(CapabilityType.Endpoint);
    }

    private static void ExhaustSlots(ref Test test)
    {
        test.Is("exhaust-slots"u8, "who fills its own CNode has taken no slot of others"u8);
        uint memory = test.Make(CapabilityType.Untyped, 12);
        uint node = test.Make(CapabilityType.CNode, 3);
        uint root = MakeRoot(ref test, memory, node);
        Exhaust(ref test, root);
        test.Same((ulong)SystemResult.ArgumentInvalid, Board.Get(0, Board.Result));
        test.Same(8, Board.Get(0, Board.Second));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(test.Take()));
    }

    // A worker that holds an untyped, at 2, a CNode, at 3, and nothing else.
    private static uint MakeRoot(ref Test test, uint memory, uint node)
    {
        uint root = test.Make(CapabilityType.CNode, 3);
        test.Ok(new CNodeTable(root).Move(2, Setting.Root, memory));
        test.Ok(new CNodeTable(root).Copy(3, Setting.Root, node));
        return root;
    }

    private static void Exhaust(ref Test test, uint root)
    {
        uint thread = Worker.Make(ref test, 0, root: root);
        Worker.Go(ref test, thread, 0, Role.Exhaust, 2, 3);
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void Starve(ref Test test)
    {
        test.Is("starve"u8, "threads of a lower priority that loop for ever delay nobody above"u8);
        for (uint number = 0; number < Layout.Workers; number++)
        {
            _ = Worker.Start(ref test, number, Role.Spin, priority: Priority.Below);
        }

        InTime(ref test);
        test.AtLeast(1, Board.Get(0, Board.Count));
    }

    private static void Storm(ref Test test)
    {
        test.Is("storm"u8, "threads of a lower priority that call the kernel for ever delay nobody above"u8);
        for (uint number = 0; number < Layout.Workers; number++)
        {
            _ = Worker.Start(ref test, number, Role.Storm, priority: Priority.Below);
        }

        InTime(ref test);
        test.AtLeast(1, Board.Get(0, Board.Count));
    }

    private static void InTime(ref Test test)
    {
        for (uint wait = 0; wait < 20; wait++)
        {
            ulong until = test.In(300);
            test.Gives(SystemResult.TimedOut, Ipc.Receive(test.Setting.Quiet, 0, out _, SystemCallFlags.HasDeadline, until));
            ulong now = Ipc.Now();
            test.AtLeast(until, now);
            test.AtMost(until + (LateMicroseconds * test.Setting.TicksPerMicrosecond), now);
        }
    }

    private static void Flood(ref Test test)
    {
        test.Is("flood"u8, "a sender that sends for ever has one message in the queue: others get their turn"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        ulong quiet = 0;
        for (uint number = 0; number < 3; number++)
        {
            _ = Worker.Start(ref test, number, Role.Flood, endpoint);
        }

        for (uint round = 0; round < 30; round++)
        {
            test.Ok(test.Receive(endpoint, 0, out Message message));
            quiet += message.Word0 == 2 ? 1UL : 0;
        }

        test.Same(10, quiet);
    }

    private static void Overspend(ref Test test)
    {
        test.Is("overspend"u8, "a thread uses at most two budgets in a period and its beginning, whatever its priority"u8);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(thread + 1, 1000, 20_000));
        Worker.Go(ref test, thread, 0, Role.Storm);
        test.Sleep(15_000);
        Message message = Message.Of((ulong)ThreadOperation.Describe, 4);
        test.Ok(Ipc.Call(thread, ref message));
        test.AtLeast(900 * test.Setting.TicksPerMicrosecond, message.Word1);
        test.AtMost((2000 + LateMicroseconds) * test.Setting.TicksPerMicrosecond, message.Word1);
    }

    private static void SpendLentTime(ref Test test)
    {
        test.Is("spend-lent-time"u8, "a server that loops on its caller's time loses it when the caller gives up"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint thread = Worker.Make(ref test, 0, Priority.Below);
        Worker.Go(ref test, thread, 0, Role.KeepAndSpin, endpoint, test.Make(CapabilityType.Reply));
        test.Sleep(200);
        test.Ok(new ThreadControl(thread).UnbindContext());
        Message message = Message.Of(1);
        test.Gives(SystemResult.TimedOut, Ipc.Call(endpoint, ref message, SystemCallFlags.HasDeadline, test.In(2000)));
        ulong count = Board.Get(0, Board.Count);
        test.AtLeast(2, count);
        test.Sleep(1000);
        test.Same(count, Board.Get(0, Board.Count));
    }

    private static void LoopAtTheSamePriority(ref Test test)
    {
        test.Is("loop-at-the-same-priority"u8, "who loops at a priority leaves the others of it their turns"u8);
        _ = Worker.Start(ref test, 0, Role.Spin, priority: Priority.Own);
        _ = Worker.Start(ref test, 1, Role.Storm, priority: Priority.Own);
        for (int turn = 0; turn < 5; turn++)
        {
            Ipc.Yield();
        }

        test.AtLeast(1, Board.Get(0, Board.Count));
        test.AtLeast(1, Board.Get(1, Board.Count));
    }
}
