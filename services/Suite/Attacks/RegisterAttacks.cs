using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>attack-register</c>: what the thread before, or the kernel, has left in registers.</summary>
internal static class RegisterAttacks
{
    internal const uint Count = 7;

    private const ulong Secret = 0x5EC2_E750_0000_0000;
    private const ulong Victim = 0x800;
    private const uint DefaultMxcsr = 0x1F80;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: VectorsAfterAWait(ref test); break;
            case 1: GeneralAfterAWait(ref test); break;
            case 2: FreshThread(ref test); break;
            case 3: ControlOfVectors(ref test); break;
            case 4: KernelAddresses(ref test); break;
            case 5: AfterRefusals(ref test); break;
            case 6: Selectors(ref test); break;
        }
    }

    private static void VectorsAfterAWait(ref Test test)
    {
        test.Is("vectors-after-a-wait"u8, "a thread that goes on after a wait finds zero in all vector registers, not what the one before had there"u8);
        CodePage page = Waits();

        // XOR EDI, EDI: the vectors are compared with it.
        page.Add("31 FF"u8);
        page.CompareVectors();
        ulong after = page.Here;
        page.Stop();
        Probe probe = WakeWithSecrets(ref test);
        probe.Stops(ref test, after);
        test.Same(0, probe.Get(Register.Rax));
    }

    private static void GeneralAfterAWait(ref Test test)
    {
        test.Is("general-after-a-wait"u8, "a thread that goes on after a wait finds its own and its message in registers, not what the one before had there"u8);
        CodePage page = Waits();
        ulong after = page.Here;
        page.Stop();
        Probe probe = WakeWithSecrets(ref test);
        probe.Stops(ref test, after);
        NoSecret(ref test, in probe);
    }

    // At the beginning of the page: waits for a signal at the notification in RDI.
    private static CodePage Waits()
    {
        CodePage page = new(0);
        page.SetEax((uint)SystemCall.Receive);
        page.SystemCall();
        return page;
    }

    // The thread waits; another fills all its registers with secrets and signals it: it runs at once.
    private static Probe WakeWithSecrets(ref Test test)
    {
        uint notification = test.Make(CapabilityType.Notification);
        Probe waiter = Probe.Make(ref test);
        waiter.Go(ref test, Layout.CodeRun, notification);
        CodePage page = new(Victim);
        // MOV RDI, RSI: the secret
        page.Add("48 89 F7"u8);
        page.FillVectors();
        page.FillGeneral();
        page.SetEdi(notification);

        // XOR ESI, ESI
        page.Add("31 F6"u8);
        page.SetEax((uint)SystemCall.Send);
        page.SystemCall();
        page.Stop();
        Probe victim = Probe.Make(ref test, 1, Priority.Own);
        victim.Go(ref test, Layout.CodeRun + Victim, 0, Secret, 1);
        return waiter;
    }

    private static void NoSecret(ref Test test, in Probe probe)
    {
        for (Register register = Register.Rax; register <= Register.Rsp; register++)
        {
            test.That((probe.Get(register) & ~0xFFUL) != Secret);
        }
    }

    private static void FreshThread(ref Test test)
    {
        test.Is("fresh-thread"u8, "a new thread begins with zero in all registers but those that it was given, vectors included"u8);
        CodePage fresh = new(Victim);
        fresh.Stop();
        ulong compare = fresh.Here;
        fresh.CompareVectors();
        ulong after = fresh.Here;
        fresh.Stop();
        Probe probe = BegunWithSecrets(ref test, Layout.CodeRun + Victim);
        probe.Stops(ref test, Layout.CodeRun + Victim);
        for (Register register = Register.Rax; register <= Register.R15; register++)
        {
            test.Same(0, probe.Get(register));
        }

        probe = BegunWithSecrets(ref test, compare);
        probe.Stops(ref test, after);
        test.Same(0, probe.Get(Register.Rax));
    }

    // A thread that another starts whose registers are full of secrets: it runs at once.
    private static Probe BegunWithSecrets(ref Test test, ulong entry)
    {
        Probe fresh = Probe.Make(ref test, 1);
        test.Ok(new ThreadControl(fresh.Thread).SetRegisters(entry, Layout.StackTop(1)));
        CodePage page = new(0);
        // MOV RDI, RSI: the secret
        page.Add("48 89 F7"u8);
        page.FillVectors();
        page.FillGeneral();
        page.SetEdi(fresh.Thread);
        page.SetEsi((uint)MessageHeader.Of((ulong)ThreadOperation.Resume, words: 0).Raw);
        page.SetEax((uint)SystemCall.Call);
        page.SystemCall();
        page.Stop();
        Probe victim = Probe.Make(ref test, 0, Priority.Own);
        victim.Go(ref test, Layout.CodeRun, 0, Secret);
        return fresh;
    }

    private static void ControlOfVectors(ref Test test)
    {
        test.Is("control-of-vectors"u8, "MXCSR of one thread is not that of the next, and an interrupted thread keeps its own"u8);
        // LDMXCSR [RDI]; then the kernel is left and entered; STMXCSR [RSI]
        CodePage page = new(0);
        page.Add("0F AE 17"u8);
        page.Turn(1_000_000);
        page.Add("0F AE 1E"u8);
        ulong after = page.Here;
        page.Stop();
        CodePage other = new(Victim);
        other.Add("0F AE 1E"u8);
        ulong otherAfter = other.Here;
        other.Stop();
        Board.Set(3, 0, 0x9FC0);
        _ = Worker.Start(ref test, 2, Role.Spin, priority: Priority.Below);
        Probe first = Probe.Make(ref test, 0, Priority.Below);
        first.Go(ref test, Layout.CodeRun, Board.AddressOf(3, 0), Board.AddressOf(3, 1));
        test.Sleep(2500);
        Probe second = Probe.Make(ref test, 1);
        second.Go(ref test, Layout.CodeRun + Victim, 0, Board.AddressOf(3, 2), 1);
        second.Stops(ref test, otherAfter);
        test.Same(DefaultMxcsr, Board.Get(3, 2));
        first.Stops(ref test, after);
        test.Same(0x9FC0, Board.Get(3, 1));
    }

    private static void KernelAddresses(ref Test test)
    {
        test.Is("kernel-addresses"u8, "no register holds an address of the kernel's half after any system call"u8);
        After(ref test, (uint)SystemCall.None, 0);
        After(ref test, (uint)SystemCall.Yield, 0);
        After(ref test, (uint)SystemCall.Send, test.Setting.Quiet, consumes: true);
        After(ref test, (uint)SystemCall.Call, test.Setting.Arena);
        After(ref test, (uint)SystemCall.Call, RootSlot.Thread);
        After(ref test, (uint)SystemCall.Receive | (uint)SystemCallFlags.NonBlocking, test.Make(CapabilityType.Endpoint));
    }

    private static void AfterRefusals(ref Test test)
    {
        test.Is("after-refusals"u8, "nor after a system call that was refused"u8);
        After(ref test, (uint)SystemCall.Send, RootSlot.CNode);
        After(ref test, (uint)SystemCall.Call, test.Take());
        After(ref test, (uint)SystemCall.Receive, RootSlot.VSpace);
        After(ref test, (uint)SystemCall.ReplyReceive, test.Take());
        After(ref test, (uint)SystemCall.Call, Report.PortSlot + 1);
    }

    private static void After(ref Test test, uint call, uint address, bool consumes = false)
    {
        CodePage page = new(0);
        page.SetEax(call);
        page.SystemCall();
        ulong after = page.Here;
        page.Stop();
        Probe probe = Probe.Make(ref test);
        probe.Go(ref test, Layout.CodeRun, address);
        probe.Stops(ref test, after);
        for (Register register = Register.Rax; register <= Register.Rsp; register++)
        {
            test.AtMost(UserSpace.End, probe.Get(register));
        }

        if (consumes)
        {
            test.Ok(Ipc.Receive(address, 0, out _, SystemCallFlags.NonBlocking));
        }
    }

    private static void Selectors(ref Test test)
    {
        test.Is("selectors"u8, "a thread that goes on after a wait finds no selector of the one before in DS, ES, FS and GS"u8);
        CodePage page = Waits();
        // MOV EAX, DS; MOV ECX, ES; OR EAX, ECX; MOV ECX, FS; OR EAX, ECX; MOV ECX, GS; OR EAX, ECX
        page.Add("8C D8 8C C1 09 C8 8C E1 09 C8 8C E9 09 C8"u8);
        ulong after = page.Here;
        page.Stop();
        uint notification = test.Make(CapabilityType.Notification);
        Probe waiter = Probe.Make(ref test);
        waiter.Go(ref test, Layout.CodeRun, notification);
        CodePage setter = new(Victim);
        // MOV ECX, user data selector; MOV DS, ECX and so on
        setter.Add("B9 23 00 00 00"u8);
        setter.Add("8E D9 8E C1 8E E1 8E E9"u8);
        setter.SetEax((uint)SystemCall.Send);
        setter.SystemCall();
        setter.Stop();
        Probe victim = Probe.Make(ref test, 1, Priority.Own);
        victim.Go(ref test, Layout.CodeRun + Victim, notification, 0, 1);
        waiter.Stops(ref test, after);
        test.Same(0, waiter.Get(Register.Rax));
    }
}
