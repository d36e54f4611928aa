using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>thread</c>: who runs, and what a thread keeps.</summary>
internal static class ThreadTests
{
    internal const uint Count = 17;

    private const ulong Pattern = 0x0123_4567_89AB_CD00;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: RunsAtOnce(ref test); break;
            case 1: RunsLater(ref test); break;
            case 2: Raised(ref test); break;
            case 3: Authority(ref test); break;
            case 4: SuspendAndResume(ref test); break;
            case 5: SuspendEndsAWait(ref test); break;
            case 6: WrongStates(ref test); break;
            case 7: BadRegisters(ref test); break;
            case 8: KeptOverCalls(ref test); break;
            case 9: KeptOverInterrupts(ref test); break;
            case 10: VectorsKept(ref test); break;
            case 11: Several(ref test); break;
            case 12: Yields(ref test); break;
            case 13: LocalBase(ref test); break;
            case 14: EndsItself(ref test); break;
            case 15: Describes(ref test); break;
            case 16: Configures(ref test); break;
        }
    }

    private static void RunsAtOnce(ref Test test)
    {
        test.Is("runs-at-once"u8, "a thread of a higher priority runs before who resumed it goes on"u8);
        uint notification = test.Make(CapabilityType.Notification);
        _ = Worker.Start(ref test, 0, Role.Signal, notification);
        test.Same(1, Board.Get(0, Board.Count));
        test.Ok(Ipc.Receive(notification, 0, out _, SystemCallFlags.NonBlocking));
    }

    private static void RunsLater(ref Test test)
    {
        test.Is("runs-later"u8, "a thread of a lower priority runs when the others wait, and not before"u8);
        uint notification = test.Make(CapabilityType.Notification);
        _ = Worker.Start(ref test, 0, Role.Signal, notification, priority: Priority.Below);
        for (int time = 0; time < 50; time++)
        {
            Ipc.Yield();
        }

        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(test.Receive(notification, 0, out _));
        test.Sleep(100);
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void Raised(ref Test test)
    {
        test.Is("raised"u8, "a thread whose priority is raised above the running one's runs at once"u8);
        uint notification = test.Make(CapabilityType.Notification);
        uint thread = Worker.Start(ref test, 0, Role.Signal, notification, priority: Priority.Below);
        test.Same(0, Board.Get(0, Board.Count));
        test.Ok(new ThreadControl(thread).SetPriority(Priority.Above, Priority.Above));
        test.Same(1, Board.Get(0, Board.Count));
    }

    private static void Authority(ref Test test)
    {
        test.Is("authority"u8, "no thread gives itself or others a priority above the most that it was given"u8);
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new ThreadControl(thread).SetPriority(Priority.Above, most: 100));
        Worker.Go(ref test, thread, 0, Role.Raise, thread, 101);
        test.Same(1, Board.Get(0, Board.Count));
        test.Same((ulong)SystemResult.AuthorityMissing, Board.Get(0, Board.Result));
        uint other = Worker.Make(ref test, 1);
        test.Ok(new ThreadControl(other).SetPriority(Priority.Above, most: 100));
        Worker.Go(ref test, other, 1, Role.Raise, thread, 100);
        test.Same((ulong)SystemResult.Ok, Board.Get(1, Board.Result));
        test.Same(1, Board.Get(1, Board.Count));
    }

    private static void SuspendAndResume(ref Test test)
    {
        test.Is("suspend"u8, "a thread that is suspended does nothing until it is resumed, and then goes on where it was"u8);
        uint thread = Worker.Start(ref test, 0, Role.Spin, priority: Priority.Below);
        test.Sleep(300);
        test.Ok(new ThreadControl(thread).Suspend());
        ulong count = Board.Get(0, Board.Count);
        test.AtLeast(1, count);
        test.Sleep(300);
        test.Same(count, Board.Get(0, Board.Count));
        test.Ok(new ThreadControl(thread).Resume());
        test.Sleep(300);
        test.AtLeast(count + 1, Board.Get(0, Board.Count));
    }

    private static void SuspendEndsAWait(ref Test test)
    {
        test.Is("suspend-ends-a-wait"u8, "a thread that is suspended waits nowhere any more"u8);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint thread = Worker.Start(ref test, 0, Role.Receive, endpoint);
        test.Ok(new ThreadControl(thread).Suspend());
        Message message = Message.Of(1);
        test.Gives(SystemResult.WouldBlock, Ipc.Send(endpoint, ref message, SystemCallFlags.NonBlocking));
        test.Same(0, Board.Get(0, Board.Count));
    }

    private static void WrongStates(ref Test test)
    {
        test.Is("wrong-states"u8, "a thread without an address space cannot run; one that runs cannot be resumed or given registers"u8);
        uint bare = test.Make(CapabilityType.Thread);
        test.Gives(SystemResult.WrongState, new ThreadControl(bare).Resume());
        uint thread = Worker.Make(ref test, 0, Priority.Below);
        test.Gives(SystemResult.WrongState, new ThreadControl(thread).Resume());
        Worker.Go(ref test, thread, 0, Role.Spin);
        test.Gives(SystemResult.WrongState, new ThreadControl(thread).Resume());
        test.Gives(SystemResult.WrongState, new ThreadControl(thread).SetRegisters(Layout.CodeRun, Layout.StackTop(0)));
        test.Gives(SystemResult.OperationUnknown, Ask.Do(thread, 99));
    }

    private static void BadRegisters(ref Test test)
    {
        test.Is("bad-registers"u8, "an instruction pointer outside of user memory is refused, and so is a register that does not exist"u8);
        uint thread = Worker.Make(ref test, 0);
        test.Gives(SystemResult.ArgumentInvalid, new ThreadControl(thread).SetRegisters(UserSpace.End, 0));
        test.Gives(SystemResult.ArgumentInvalid, new ThreadControl(thread).SetRegisters(Layout.NonCanonical, 0));
        test.Gives(SystemResult.ArgumentInvalid, new ThreadControl(thread).SetRegisters(Layout.KernelText, 0));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(thread, (ulong)ThreadOperation.GetRegisters, (ulong)Register.Rsp + 1));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(thread, (ulong)ThreadOperation.GetRegisters, ulong.MaxValue));
        test.Ok(Ask.Do(thread, (ulong)ThreadOperation.GetRegisters, (ulong)Register.Rsp));
    }

    private static void KeptOverCalls(ref Test test)
    {
        test.Is("kept-over-calls"u8, "a system call keeps RBX, RBP, RSP and R12 to R15, and tells in RCX and R11 only what the thread knows"u8);
        CodePage page = new(0);
        page.FillGeneral();
        page.SetEax((uint)SystemCall.None);
        page.SystemCall();
        ulong after = page.Here;
        page.Stop();
        Probe probe = Probe.Make(ref test);
        probe.Go(ref test, Layout.CodeRun, Pattern);
        probe.Stops(ref test, after);
        test.Same(Pattern + 1, probe.Get(Register.Rbx));
        test.Same(Pattern + 2, probe.Get(Register.Rbp));
        test.Same(Pattern + 7, probe.Get(Register.R12));
        test.Same(Pattern + 8, probe.Get(Register.R13));
        test.Same(Pattern + 9, probe.Get(Register.R14));
        test.Same(Pattern + 10, probe.Get(Register.R15));
        test.Same(Layout.StackTop(0), probe.Get(Register.Rsp));
        test.Same(after, probe.Get(Register.Rcx));
        test.Same(UserFlags.Always, probe.Get(Register.R11) & UserFlags.Always);
        test.Same(0, probe.Get(Register.R11) & ~(UserFlags.Always | UserFlags.Writable));
    }

    private static void KeptOverInterrupts(ref Test test)
    {
        test.Is("kept-over-interrupts"u8, "a thread that is interrupted again and again finds every register and its flags as they were"u8);
        CodePage page = new(0);
        page.FillGeneral();
        page.SetFlags(0x402);
        page.Turn(2_000_000);
        ulong after = page.Here;
        page.Stop();
        RunBesideASpinner(ref test, after, out Probe probe);
        test.Same(Pattern + 12, probe.Get(Register.Rax));
        test.Same(Pattern + 1, probe.Get(Register.Rbx));
        test.Same(0, probe.Get(Register.Rcx));
        test.Same(Pattern + 11, probe.Get(Register.Rdx));
        test.Same(Pattern, probe.Get(Register.Rdi));
        test.Same(Pattern + 2, probe.Get(Register.Rbp));
        for (uint register = 0; register < 8; register++)
        {
            test.Same(Pattern + 3 + register, probe.Get(Register.R8 + register));
        }

        test.Same(0x400, probe.Get(Register.Flags) & 0x400);
    }

    private static void VectorsKept(ref Test test)
    {
        test.Is("vectors-kept"u8, "a thread that is interrupted again and again finds all vector registers as they were"u8);
        CodePage page = new(0);
        page.FillVectors();
        page.Turn(2_000_000);
        page.CompareVectors();
        ulong after = page.Here;
        page.Stop();
        RunBesideASpinner(ref test, after, out Probe probe);
        test.Same(0, probe.Get(Register.Rax));
    }

    // Two threads of one priority, each interrupted at the end of its turn; the other one has other things in its registers.
    private static void RunBesideASpinner(ref Test test, ulong after, out Probe probe)
    {
        uint spinner = Worker.Start(ref test, 1, Role.Spin, priority: Priority.Below);
        probe = Probe.Make(ref test, 0, Priority.Below);
        probe.Go(ref test, Layout.CodeRun, Pattern);
        probe.Stops(ref test, after);
        test.AtLeast(1, Board.Get(1, Board.Count));
        test.Ok(new ThreadControl(spinner).Suspend());
    }

    private static void Several(ref Test test)
    {
        test.Is("several"u8, "threads that share an address space and a CSpace work side by side"u8);
        uint notification = test.Make(CapabilityType.Notification);
        ulong bits = 0;
        for (uint number = 0; number < Layout.Workers; number++)
        {
            uint badged = test.Mint(notification, CapabilityRights.Write, 1UL << (int)number);
            _ = Worker.Start(ref test, number, Role.Signal, badged, priority: Priority.Below);
        }

        for (uint number = 0; number < Layout.Workers && bits != 15; number++)
        {
            test.Ok(test.Receive(notification, 0, out Message message));
            bits |= message.Badge;
        }

        test.Same(15, bits);
    }

    private static void Yields(ref Test test)
    {
        test.Is("yields"u8, "threads of one priority that yield take turns, in the order in which they came"u8);
        const uint times = 5;
        for (uint number = 0; number < 3; number++)
        {
            _ = Worker.Start(ref test, number, Role.Yield, times, priority: Priority.Below);
        }

        test.Sleep(500);
        test.Same(3 * times, Board.Logged);
        for (uint index = 0; index < 3 * times; index++)
        {
            test.Same(index % 3, Board.LogAt(index));
        }
    }

    private static void LocalBase(ref Test test)
    {
        test.Is("local-base"u8, "the base of FS is what was set for the thread, and an address of the kernel's is refused"u8);
        CodePage page = new(0);
        // MOV RAX, FS:[0]
        page.Add("64 48 8B 04 25 00 00 00 00"u8);
        ulong after = page.Here;
        page.Stop();
        Board.Set(3, 0, 0x5A5A_1234);
        Probe probe = Probe.Make(ref test);
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(probe.Thread, (ulong)ThreadOperation.SetLocalBase, Layout.KernelText));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(probe.Thread, (ulong)ThreadOperation.SetLocalBase, Layout.NonCanonical));
        test.Ok(Ask.Do(probe.Thread, (ulong)ThreadOperation.SetLocalBase, Board.AddressOf(3, 0)));
        probe.Go(ref test, Layout.CodeRun);
        probe.Stops(ref test, after);
        test.Same(0x5A5A_1234, probe.Get(Register.Rax));
    }

    private static void EndsItself(ref Test test)
    {
        test.Is("ends-itself"u8, "a thread that deletes the last capability to itself is gone, and its memory free"u8);
        uint memory = test.Make(CapabilityType.Untyped, 12);
        uint thread = test.Take(2);
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Thread, Setting.Root, thread));
        uint maker = Worker.Make(ref test, 1);
        test.Ok(new ThreadControl(maker).UnbindContext());
        test.Ok(new ThreadControl(thread).Configure(RootSlot.CNode, RootSlot.VSpace, 0, 0));
        test.Ok(new ThreadControl(thread).SetPriority(Priority.Above, Priority.Above));
        test.Ok(new ThreadControl(thread).BindContext(maker + 1));
        Worker.Go(ref test, thread, 0, Role.Delete, thread);
        test.Same(0, Board.Get(0, Board.Count));
        test.Same((ulong)CapabilityType.Null, (ulong)Ask.TypeOf(thread));
        test.Ok(new UntypedMemory(memory).Reset());
    }

    private static void Describes(ref Test test)
    {
        test.Is("describes"u8, "a thread's state, priority and last fault are told"u8);
        uint thread = Worker.Make(ref test, 0, 77);
        ulong told = Ask.Words(thread, (ulong)ThreadOperation.Describe).Word0;
        test.Same(77UL << 8, told);
        test.Ok(new ThreadControl(thread).SetPriority(Priority.Above, Priority.Above));
        uint endpoint = test.Make(CapabilityType.Endpoint);
        Worker.Go(ref test, thread, 0, Role.Receive, endpoint);
        test.Same(3, Ask.StateOf(thread));
        test.Same(0, Ask.FaultOf(thread));
    }

    private static void Configures(ref Test test)
    {
        test.Is("configures"u8, "a thread takes a CNode, an address space, an endpoint and a frame, and nothing else in their place"u8);
        uint thread = test.Make(CapabilityType.Thread);
        uint endpoint = test.Make(CapabilityType.Endpoint);
        ThreadControl control = new(thread);
        test.Gives(SystemResult.WrongType, control.Configure(endpoint, RootSlot.VSpace, 0, 0));
        test.Gives(SystemResult.WrongType, control.Configure(RootSlot.CNode, RootSlot.CNode, 0, 0));
        test.Gives(SystemResult.WrongType, control.Configure(RootSlot.CNode, RootSlot.VSpace, RootSlot.CNode, 0));
        test.Gives(SystemResult.WrongType, control.Configure(RootSlot.CNode, RootSlot.VSpace, 0, endpoint));
        test.Gives(SystemResult.BufferMissing, control.SetBuffer(Layout.Free));
        test.Ok(control.Configure(RootSlot.CNode, RootSlot.VSpace, endpoint, test.Setting.Buffers));
        test.Gives(SystemResult.Unaligned, control.SetBuffer(Layout.Free, 512));
        test.Gives(SystemResult.ArgumentInvalid, control.SetBuffer(Layout.Free, 4096));
        test.Gives(SystemResult.ArgumentInvalid, control.SetBuffer(Layout.KernelText));
        test.Ok(control.SetBuffer(Layout.Buffers, 1024));
    }
}
