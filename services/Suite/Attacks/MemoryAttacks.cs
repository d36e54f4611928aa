using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>attack-memory</c>: memory that is not this program's, or not any more.</summary>
internal static class MemoryAttacks
{
    internal const uint Count = 13;

    private const ulong Secret = 0x5EC2_E750_5EC2_E751;

    // MOV RAX, [RDI]; MOV [RDI], RAX; JMP RDI
    private static ReadOnlySpan<byte> Load => "48 8B 07"u8;

    private static ReadOnlySpan<byte> Store => "48 89 07"u8;

    private static ReadOnlySpan<byte> Jump => "FF E7"u8;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0:
                test.Is("read-kernel"u8, "the kernel's text, data, stack, devices and window cannot be read"u8);
                Everywhere(ref test, Load);
                break;
            case 1:
                test.Is("write-kernel"u8, "the kernel's text, data, stack, devices and window cannot be written"u8);
                Everywhere(ref test, Store);
                break;
            case 2:
                test.Is("run-kernel"u8, "no jump leads into the kernel's half"u8);
                Everywhere(ref test, Jump);
                break;
            case 3: NonCanonical(ref test); break;
            case 4: NullPage(ref test); break;
            case 5: RunStack(ref test); break;
            case 6: WriteText(ref test); break;
            case 7: StackInKernel(ref test); break;
            case 8: EndOfUserMemory(ref test); break;
            case 9: AfterUnmap(ref test); break;
            case 10: AfterRevoke(ref test); break;
            case 11: ObjectsAsFrames(ref test); break;
            case 12: OtherProgram(ref test); break;
        }
    }

    private static void Everywhere(ref Test test, ReadOnlySpan<byte> code)
    {
        Try(ref test, code, Layout.KernelText);
        Try(ref test, code, Layout.KernelText + 0x10_0000);
        Try(ref test, code, ImageLayout.IoApicPage);
        Try(ref test, code, ObjectWindow.Base);
        Try(ref test, code, ObjectWindow.Base + Ask.Physical(test.Setting.Code));
        Try(ref test, code, 0xFFFF_8000_0000_0000);
        Try(ref test, code, ulong.MaxValue - 15);
    }

    private static void Try(ref Test test, ReadOnlySpan<byte> code, ulong address)
    {
        Probe probe = Probe.Run(ref test, code, address);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(address, message.Word1);
    }

    private static void NonCanonical(ref Test test)
    {
        test.Is("non-canonical"u8, "addresses that the processor does not know are faults of the thread, in loads, jumps and stacks"u8);
        Probe probe = Probe.Run(ref test, Load, Layout.NonCanonical);
        _ = probe.Expect(ref test, FaultKind.Protection);
        probe = Probe.Run(ref test, Jump, Layout.NonCanonical);
        _ = probe.Expect(ref test, FaultKind.Protection);
        probe = Probe.Run(ref test, Jump, 0x0000_8000_0000_0000);
        _ = probe.Expect(ref test, FaultKind.Protection);
        // MOV RSP, RDI; PUSH RAX
        probe = Probe.Run(ref test, "48 89 FC 50"u8, Layout.NonCanonical);
        _ = probe.Expect(ref test, FaultKind.Protection);
    }

    private static void NullPage(ref Test test)
    {
        test.Is("null-page"u8, "nothing is at address 0, and nothing can be put there"u8);
        Probe probe = Probe.Run(ref test, Load, 0);
        _ = probe.Expect(ref test, FaultKind.Page);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Gives(SystemResult.ArgumentInvalid, new MemoryFrame(frame).Map(RootSlot.VSpace, 0, MapRights.ReadWrite));
    }

    private static void RunStack(ref Test test)
    {
        test.Is("run-stack"u8, "the stack cannot be run"u8);
        ulong address = Layout.StackTop(1) - 64;
        UserMemory.Write(address, 0x9090_9090_9090_0B0F);
        Probe probe = Probe.Run(ref test, Jump, address);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(address, message.Word0);
    }

    private static void WriteText(ref Test test)
    {
        test.Is("write-text"u8, "text cannot be written where it can be run"u8);
        Probe probe = Probe.Run(ref test, Store, Layout.CodeRun);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(Layout.CodeRun, message.Word1);
        probe = Probe.Run(ref test, Store, Ipc.ThreadEntry());
        _ = probe.Expect(ref test, FaultKind.Page);
    }

    private static void StackInKernel(ref Test test)
    {
        test.Is("stack-in-kernel"u8, "a stack pointer into the kernel or nowhere is never used by the kernel"u8);
        StackAt(ref test, Layout.KernelText + 0x10_0000);
        StackAt(ref test, ObjectWindow.Base + 0x1000);
        StackAt(ref test, Layout.NonCanonical);
        StackAt(ref test, 0);
        // MOV RSP, RDI; PUSH RAX
        Probe probe = Probe.Run(ref test, "48 89 FC 50"u8, Layout.KernelText + 0x10_0000);
        _ = probe.Expect(ref test, FaultKind.Page);
    }

    private static void StackAt(ref Test test, ulong stack)
    {
        CodePage page = new(0);
        // MOV RSP, RDI
        page.Add("48 89 FC"u8);
        page.SetEax((uint)SystemCall.Yield);
        page.SystemCall();
        page.Turn(100_000);
        page.SetEax((uint)SystemCall.None);
        page.SystemCall();
        ulong after = page.Here;
        page.Stop();
        Probe probe = Probe.Make(ref test);
        probe.Go(ref test, Layout.CodeRun, stack);
        probe.Stops(ref test, after);
        test.Same(stack, probe.Get(Register.Rsp));
    }

    private static void EndOfUserMemory(ref Test test)
    {
        test.Is("end-of-user-memory"u8, "the last page, behind which a SYSCALL would return to a non-canonical address, cannot be had"u8);
        uint frame = test.Make(CapabilityType.Frame, ObjectSize.FrameBits);
        test.Gives(SystemResult.ArgumentInvalid, new MemoryFrame(frame).Map(RootSlot.VSpace, UserSpace.End, MapRights.ReadExecute));
        Probe probe = Probe.Run(ref test, Jump, UserSpace.End + Layout.Page - 2);
        _ = probe.Expect(ref test, FaultKind.Page);
        test.Ok(probe.Answer(FaultWords.Resume, 1, UserSpace.End + Layout.Page - 2));
        test.Same(0, Ask.StateOf(probe.Thread));
        test.Gives(
            SystemResult.ArgumentInvalid, new ThreadControl(probe.Thread).SetRegisters(UserSpace.End + Layout.Page - 2, Layout.StackTop(0)));
    }

    private static void AfterUnmap(ref Test test)
    {
        test.Is("after-unmap"u8, "an address that was used a moment ago is no way to memory that was unmapped"u8);
        uint frame = test.MakePage(Layout.Free);
        UserMemory.Write(Layout.Free, Secret);
        Probe probe = UseTwice(ref test);
        test.Ok(new MemoryFrame(frame).Unmap());
        test.Ok(probe.Answer(FaultWords.Resume, 1, Layout.CodeRun));
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(Layout.Free, message.Word1);
    }

    private static void AfterRevoke(ref Test test)
    {
        test.Is("after-revoke"u8, "an address that was used a moment ago is no way to memory that was revoked and given to others"u8);
        uint memory = test.Make(CapabilityType.Untyped, ObjectSize.FrameBits);
        uint frame = test.Take(2);
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Frame, Setting.Root, frame, ObjectSize.FrameBits));
        test.Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, Layout.Free, MapRights.ReadWrite));
        UserMemory.Write(Layout.Free, Secret);
        Probe probe = UseTwice(ref test);
        test.Ok(Setting.Root.Revoke(memory));
        test.Ok(new UntypedMemory(memory).Reset());
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Frame, Setting.Root, frame + 1, ObjectSize.FrameBits));
        test.Ok(new MemoryFrame(frame + 1).Map(RootSlot.VSpace, Layout.Free + Layout.Page, MapRights.ReadWrite));
        test.Same(0, UserMemory.AnyBitOfPage(Layout.Free + Layout.Page));
        test.Ok(probe.Answer(FaultWords.Resume, 1, Layout.CodeRun));
        _ = probe.Expect(ref test, FaultKind.Page);
    }

    // A thread that has read the word, so that the processor remembers the page, and waits to do so again.
    private static Probe UseTwice(ref Test test)
    {
        Probe probe = Probe.Run(ref test, Load, Layout.Free);
        probe.Stops(ref test, Layout.CodeRun + 3);
        test.Same(Secret, probe.Get(Register.Rax));
        return probe;
    }

    private static void ObjectsAsFrames(ref Test test)
    {
        test.Is("objects-as-frames"u8, "memory in which kernel objects were has nothing of them when a program gets it"u8);
        uint memory = test.Make(CapabilityType.Untyped, ObjectSize.FrameBits);
        uint slots = test.Take(3);
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.CNode, Setting.Root, slots, 5));
        for (uint index = 0; index < 32; index++)
        {
            test.Ok(new CNodeTable(slots).Copy(index, Setting.Root, RootSlot.VSpace));
        }

        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Thread, Setting.Root, slots + 1));
        test.Ok(new ThreadControl(slots + 1).Configure(RootSlot.CNode, RootSlot.VSpace, 0, test.Setting.Buffers));
        test.Ok(Setting.Root.Revoke(memory));
        test.Ok(new UntypedMemory(memory).Reset());
        test.Ok(new UntypedMemory(memory).Retype(CapabilityType.Frame, Setting.Root, slots, ObjectSize.FrameBits));
        test.Ok(new MemoryFrame(slots).Map(RootSlot.VSpace, Layout.Free, MapRights.Read));
        test.Same(0, UserMemory.AnyBitOfPage(Layout.Free));
    }

    private static void OtherProgram(ref Test test)
    {
        test.Is("other-program"u8, "a thread in another address space reaches nothing of this one at any of its addresses"u8);
        uint space = test.Make(CapabilityType.VSpace);
        for (uint level = 3; level >= 1; level--)
        {
            uint table = test.Make(CapabilityType.PageTable);
            test.Ok(new TranslationTable(table).Map(space, level == 1 ? Layout.Free & ~0x1F_FFFFUL : 0, level));
        }

        uint code = test.Take();
        test.Ok(Setting.Root.Copy(code, Setting.Root, test.Setting.Code));
        test.Ok(new MemoryFrame(code).Map(space, Layout.CodeRun, MapRights.ReadExecute));
        CodePage page = new(0);
        page.Add(Load);
        page.Stop();
        Probe probe = Probe.Make(ref test, space: space);
        probe.Go(ref test, Layout.CodeRun, Layout.Board);
        _ = probe.Expect(ref test, FaultKind.Page);
        Again(ref test, probe, Layout.CodeWrite);
        Again(ref test, probe, Layout.Buffers);
        Again(ref test, probe, BootInformation.Address);
        Again(ref test, probe, Ipc.ThreadEntry());
        Again(ref test, probe, Layout.StackTop(0) - 8);
    }

    private static void Again(ref Test test, in Probe probe, ulong address)
    {
        test.Ok(probe.Answer(label: 1));
        probe.Go(ref test, Layout.CodeRun, address);
        Message message = probe.Expect(ref test, FaultKind.Page);
        test.Same(address, message.Word1);
    }
}
