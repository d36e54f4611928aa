using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>fault</c>: what stops a thread is a message, and the answer decides how it goes on.</summary>
internal static class FaultTests
{
    internal const uint Count = 15;

    // Error codes of page faults: Intel SDM Vol. 3A, "Page-Fault Exceptions".
    private const ulong Present = 1;
    private const ulong Write = 2;
    private const ulong User = 4;
    private const ulong Fetch = 16;

    private const ulong ProtectionVector = 13;

    // MOV RAX, [RDI], three bytes long.
    private static ReadOnlySpan<byte> Load => "48 8B 07"u8;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: Read(ref test); break;
            case 1: WriteToReadOnly(ref test); break;
            case 2: RunData(ref test); break;
            case 3: Undefined(ref test); break;
            case 4: Divide(ref test); break;
            case 5: Protection(ref test); break;
            case 6: Debug(ref test); break;
            case 7: UnknownCall(ref test); break;
            case 8: Capability(ref test); break;
            case 9: GoesOnElsewhere(ref test); break;
            case 10: GoesOnWhereItWas(ref test); break;
            case 11: StaysStopped(ref test); break;
            case 12: WithoutHandler(ref test); break;
            case 13: HandlerHasBadge(ref test); break;
            case 14: HandlerDies(ref test); break;
        }
    }

    private static void Read(ref Test test)
    {
        test.Is("read"u8, "a read of what is not mapped tells address, error code, instruction and stack"u8);
        Probe probe = Probe.Run(ref test, Load, Layout.Free + 0x123);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(Layout.CodeRun, message.Word0);
        test.Same(Layout.Free + 0x123, message.Word1);
        test.Same(User, message.Word2);
        test.Same(Layout.StackTop(0), message.Word3);
        test.Same(FaultWords.Count, message.Header.Words);
    }

    private static void WriteToReadOnly(ref Test test)
    {
        test.Is("write-to-read-only"u8, "a write to a page that is mapped for reading is a fault that says so"u8);
        // MOV [RDI], RAX
        Probe probe = Probe.Run(ref test, "48 89 07"u8, BootInformation.Address);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(BootInformation.Address, message.Word1);
        test.Same(Present | Write | User, message.Word2);
        test.Same(BootInformation.MagicValue, UserMemory.Read(BootInformation.Address));
    }

    private static void RunData(ref Test test)
    {
        test.Is("run-data"u8, "a jump into a page that is mapped for data is a fault of the fetch"u8);
        // JMP RDI
        Probe probe = Probe.Run(ref test, "FF E7"u8, Layout.Board);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(Layout.Board, message.Word0);
        test.Same(Layout.Board, message.Word1);
        test.Same(Present | User | Fetch, message.Word2);
    }

    private static void Undefined(ref Test test)
    {
        test.Is("undefined"u8, "an undefined instruction tells where it stands"u8);
        // NOP, NOP, then UD2
        Probe probe = Probe.Run(ref test, "90 90"u8);
        Message message = probe.Expect(ref test, FaultKind.UndefinedInstruction);
        test.Same(Layout.CodeRun + 2, message.Word0);
        test.Same(6, message.Word1);
    }

    private static void Divide(ref Test test)
    {
        test.Is("divide"u8, "a division by zero is a fault of the thread"u8);
        // XOR ECX, ECX; XOR EDX, EDX; DIV ECX
        Probe probe = Probe.Run(ref test, "31 C9 31 D2 F7 F1"u8);
        Message message = probe.Expect(ref test, FaultKind.Divide);
        test.Same(Layout.CodeRun + 4, message.Word0);
    }

    private static void Protection(ref Test test)
    {
        test.Is("protection"u8, "a privileged instruction is a fault that names the vector"u8);
        // HLT
        Probe probe = Probe.Run(ref test, "F4"u8);
        Message message = probe.Expect(ref test, FaultKind.Protection);
        test.Same(Layout.CodeRun, message.Word0);
        test.Same(ProtectionVector, message.Word1);
    }

    private static void Debug(ref Test test)
    {
        test.Is("debug"u8, "a single step is a fault behind the instruction that was stepped over"u8);
        CodePage page = new(0);
        page.SetFlags(0x100);
        // NOP
        page.Add("90"u8);
        ulong after = page.Here;
        page.Add("90"u8);
        page.Stop();
        Probe probe = Probe.Make(ref test);
        probe.Go(ref test, Layout.CodeRun);
        Message message = probe.Expect(ref test, FaultKind.Debug);
        test.Same(after, message.Word0);
    }

    private static void UnknownCall(ref Test test)
    {
        test.Is("unknown-call"u8, "a number that is no system call is a fault that tells it"u8);
        CodePage page = new(0);
        page.SetEax(0x77);
        page.SystemCall();
        ulong after = page.Here;
        page.Stop();
        Probe probe = Probe.Make(ref test);
        probe.Go(ref test, Layout.CodeRun);
        Message message = probe.Expect(ref test, FaultKind.UnknownSystemCall);
        test.Same(0x77, message.Word1);
        test.Same(after, message.Word0);
        test.Ok(probe.Answer(FaultWords.Resume));
        probe.Stops(ref test, after);
    }

    private static void Capability(ref Test test)
    {
        test.Is("capability"u8, "who asked for it gets a message for each capability that cannot be used, with its address"u8);
        CodePage page = new(0);
        page.SetEax((uint)SystemCall.Send);
        page.SystemCall();
        ulong after = page.Here;
        page.Stop();
        uint empty = test.Take();
        Probe probe = Probe.Make(ref test);
        test.Ok(Ask.Do(probe.Thread, (ulong)ThreadOperation.SetFaults, (ulong)FaultOptions.Capability));
        probe.Go(ref test, Layout.CodeRun, empty);
        Message message = probe.Expect(ref test, FaultKind.Capability);
        test.Same(empty, message.Word1);
        test.Ok(probe.Answer(FaultWords.Resume));
        probe.Stops(ref test, after);
        test.Same((ulong)SystemResult.SlotEmpty, probe.Get(Register.Rax));
    }

    private static void GoesOnElsewhere(ref Test test)
    {
        test.Is("goes-on-elsewhere"u8, "an answer with words sets where the thread goes on, and its stack"u8);
        Probe probe = Probe.Run(ref test, Load, Layout.Free);
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Ok(probe.Answer(FaultWords.Resume, 2, Layout.CodeRun + 3, 0x1234_5670));
        Message message = probe.Expect(ref test, FaultKind.UndefinedInstruction);
        test.Same(Layout.CodeRun + 3, message.Word0);
        test.Same(0x1234_5670, message.Word3);
        test.Ok(probe.Answer(FaultWords.Resume, 1, Layout.NonCanonical));
        test.Same(0, Ask.StateOf(probe.Thread));
    }

    private static void GoesOnWhereItWas(ref Test test)
    {
        test.Is("goes-on-where-it-was"u8, "a handler maps the page that was missing, and the instruction is done"u8);
        Probe probe = Probe.Run(ref test, Load, Layout.Free);
        _ = probe.Expect(ref test, FaultKind.Page);
        _ = test.MakePage(Layout.Free);
        UserMemory.Write(Layout.Free, 0xCAFE);
        test.Ok(probe.Answer(FaultWords.Resume));
        probe.Stops(ref test, Layout.CodeRun + 3);
        test.Same(0xCAFE, probe.Get(Register.Rax));
    }

    private static void StaysStopped(ref Test test)
    {
        test.Is("stays-stopped"u8, "an answer with another label leaves the thread stopped, and what stopped it is told"u8);
        Probe probe = Probe.Run(ref test, Load, Layout.Free);
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Ok(probe.Answer(label: 1));
        test.Same(0, Ask.StateOf(probe.Thread));
        test.Same((ulong)FaultKind.Page, Ask.FaultOf(probe.Thread));
        test.Ok(new ThreadControl(probe.Thread).Resume());
        _ = probe.Expect(ref test, FaultKind.Page);
    }

    private static void WithoutHandler(ref Test test)
    {
        test.Is("without-handler"u8, "a thread that faults without a handler stops, and others go on"u8);
        CodePage page = new(0);
        page.Stop();
        uint thread = Worker.Make(ref test, 0);
        test.Ok(new ThreadControl(thread).SetRegisters(Layout.CodeRun, Layout.StackTop(0)));
        test.Ok(new ThreadControl(thread).Resume());
        test.Same(0, Ask.StateOf(thread));
        test.Same((ulong)FaultKind.UndefinedInstruction, Ask.FaultOf(thread));
    }

    private static void HandlerHasBadge(ref Test test)
    {
        test.Is("handler-has-badge"u8, "a handler knows by the badge whose fault it is"u8);
        CodePage page = new(0);
        page.Stop();
        Probe probe = Probe.Make(ref test, badge: 0xBAD6E);
        probe.Go(ref test, Layout.CodeRun);
        Message message = probe.Expect(ref test, FaultKind.UndefinedInstruction);
        test.Same(0xBAD6E, message.Badge);
    }

    private static void HandlerDies(ref Test test)
    {
        test.Is("handler-dies"u8, "a thread whose handler is gone stays stopped"u8);
        CodePage page = new(0);
        page.Stop();
        uint endpoint = test.Make(CapabilityType.Endpoint);
        uint thread = Worker.Make(ref test, 0, faults: endpoint);
        test.Ok(new ThreadControl(thread).SetRegisters(Layout.CodeRun, Layout.StackTop(0)));
        test.Ok(new ThreadControl(thread).Resume());
        test.Same(2, Ask.StateOf(thread));
        test.Ok(Setting.Root.Revoke(endpoint));
        test.Ok(Setting.Root.Delete(endpoint));
        test.Same(0, Ask.StateOf(thread));
    }
}
