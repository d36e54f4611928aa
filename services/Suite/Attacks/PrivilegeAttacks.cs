using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Group <c>attack-privilege</c>: instructions and flags that are the kernel's.</summary>
/// <remarks>Sources of the encodings: Intel SDM Vol. 2, by mnemonic.</remarks>
internal static class PrivilegeAttacks
{
    internal const uint Count = 14;

    private const uint Carry = 1, Trap = 0x100, Interrupts = 0x200, Direction = 0x400, Privilege = 0x3000, Nested = 0x4000, Alignment = 0x4_0000;

    internal static void Run(uint number, ref Test test)
    {
        switch (number)
        {
            case 0: InterruptFlag(ref test); break;
            case 1: Ports(ref test); break;
            case 2: Reset(ref test); break;
            case 3: ModelRegisters(ref test); break;
            case 4: ControlRegisters(ref test); break;
            case 5: DebugRegisters(ref test); break;
            case 6: Descriptors(ref test); break;
            case 7: Caches(ref test); break;
            case 8: Returns(ref test); break;
            case 9: SoftwareInterrupts(ref test); break;
            case 10: KernelSegments(ref test); break;
            case 11: Flags(ref test); break;
            case 12: SingleStep(ref test); break;
            case 13: DirectionInKernel(ref test); break;
        }
    }

    // The instruction that is refused stands at an offset in the code. The UD2 behind it faults, too, so where it was counts.
    private static void Refused(ref Test test, ReadOnlySpan<byte> code, ulong offset = 0, FaultKind kind = FaultKind.Protection)
    {
        Probe probe = Probe.Run(ref test, code, Layout.Board, 0x10);
        Message message = probe.Expect(ref test, kind);
        test.Same(Layout.CodeRun + offset, message.Word0);
    }

    // Refused, or in another way no less, by the processor that is there; in any case at the last instruction.
    private static void RefusedOr(ref Test test, FaultKind other, ReadOnlySpan<byte> code, ulong offset = 0)
    {
        Probe probe = Probe.Run(ref test, code, Layout.Board);
        Message message = probe.Catch(ref test);
        test.That((FaultKind)message.Header.Label == FaultKind.Protection || (FaultKind)message.Header.Label == other);
        test.Same(Layout.CodeRun + offset, message.Word0);
    }

    private static void InterruptFlag(ref Test test)
    {
        test.Is("interrupt-flag"u8, "CLI, STI and HLT are faults of the thread"u8);
        Refused(ref test, "FA"u8);
        Refused(ref test, "FB"u8);
        Refused(ref test, "F4"u8);
    }

    private static void Ports(ref Test test)
    {
        test.Is("ports"u8, "IN and OUT in all widths are faults, though this program holds the range"u8);
        // IN AL, 0x64; OUT 0x64, AL; IN EAX, 0x40; then through DX: IN AL, DX; OUT DX, AX; OUTSB
        Refused(ref test, "E4 64"u8);
        Refused(ref test, "E6 64"u8);
        Refused(ref test, "E5 40"u8);
        Refused(ref test, "66 BA F8 03 EC"u8, 4);
        Refused(ref test, "66 BA F8 03 66 EF"u8, 4);
        Refused(ref test, "66 BA F8 03 6E"u8, 4);
    }

    private static void Reset(ref Test test)
    {
        test.Is("reset"u8, "the ports that reset or end the machine are out of reach without a capability"u8);
        // MOV DX, 0xCF9; MOV AL, 6; OUT DX, AL. Then 0xFE to 0x64, and the exit device at 0xF4.
        Refused(ref test, "66 BA F9 0C B0 06 EE"u8, 6);
        Refused(ref test, "B0 FE E6 64"u8, 2);
        Refused(ref test, "B0 10 E6 F4"u8, 2);
        uint range = test.Take();
        test.Ok(new PortControl(RootSlot.IoPortControl).Get(0xCF8, 0xCF8, Setting.Root, range));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Write8, 0xCF9, 6));
        test.Gives(SystemResult.ArgumentInvalid, Ask.Do(range, (ulong)IoPortOperation.Write16, 0xCF8, 0x600));
    }

    private static void ModelRegisters(ref Test test)
    {
        test.Is("model-registers"u8, "RDMSR, WRMSR and RDPMC are faults: no entry of the kernel is moved"u8);
        // MOV ECX, 0xC0000082 (LSTAR); RDMSR, WRMSR
        Refused(ref test, "B9 82 00 00 C0 0F 32"u8, 5);
        Refused(ref test, "B9 82 00 00 C0 0F 30"u8, 5);
        Refused(ref test, "31 C9 0F 33"u8, 2);
    }

    private static void ControlRegisters(ref Test test)
    {
        test.Is("control-registers"u8, "CR0, CR2, CR3, CR4 and CR8 can neither be read nor written; CLTS and LMSW fault"u8);
        Refused(ref test, "0F 20 C0"u8);
        Refused(ref test, "0F 20 D0"u8);
        Refused(ref test, "0F 20 D8"u8);
        Refused(ref test, "0F 20 E0"u8);
        Refused(ref test, "0F 22 C0"u8);
        Refused(ref test, "0F 22 D8"u8);
        Refused(ref test, "0F 22 E0"u8);
        Refused(ref test, "44 0F 22 C0"u8);
        Refused(ref test, "0F 06"u8);
        Refused(ref test, "0F 01 F0"u8);
    }

    private static void DebugRegisters(ref Test test)
    {
        test.Is("debug-registers"u8, "debug registers can neither be read nor written"u8);
        Refused(ref test, "0F 21 F8"u8);
        Refused(ref test, "0F 23 F8"u8);
        Refused(ref test, "0F 23 C0"u8);
    }

    private static void Descriptors(ref Test test)
    {
        test.Is("descriptors"u8, "descriptor tables cannot be loaded, nor read: they would tell addresses of the kernel"u8);
        // LGDT, LIDT [RDI]; LLDT, LTR SI; SGDT, SIDT [RDI]; SLDT, STR EAX; SMSW EAX
        Refused(ref test, "0F 01 17"u8);
        Refused(ref test, "0F 01 1F"u8);
        Refused(ref test, "0F 00 D6"u8);
        Refused(ref test, "0F 00 DE"u8);
        Refused(ref test, "0F 01 07"u8);
        Refused(ref test, "0F 01 0F"u8);
        Refused(ref test, "0F 00 C0"u8);
        Refused(ref test, "0F 00 C8"u8);
        Refused(ref test, "0F 01 E0"u8);
    }

    private static void Caches(ref Test test)
    {
        test.Is("caches"u8, "INVD, WBINVD, INVLPG and SWAPGS are faults; RDFSBASE is undefined"u8);
        Refused(ref test, "0F 08"u8);
        Refused(ref test, "0F 09"u8);
        Refused(ref test, "0F 01 3F"u8);
        Refused(ref test, "0F 01 F8"u8);
        Refused(ref test, "F3 48 0F AE C0"u8, kind: FaultKind.UndefinedInstruction);
    }

    private static void Returns(ref Test test)
    {
        test.Is("returns"u8, "SYSRET, SYSENTER and SYSEXIT, and returns into the kernel's code segment, are faults"u8);
        Refused(ref test, "48 0F 07"u8);

        // SYSENTER, SYSEXIT: in long mode AMD's processors do not know them (AMD APM Vol. 3), Intel's refuse them.
        RefusedOr(ref test, FaultKind.UndefinedInstruction, "0F 34"u8);
        RefusedOr(ref test, FaultKind.UndefinedInstruction, "0F 35"u8);

        // PUSH 8, the kernel's code segment; PUSH RDI; RETFQ. QEMU 7.2 reads the stack as the kernel would, and SMAP refuses that first.
        RefusedOr(ref test, FaultKind.Page, "6A 08 57 48 CB"u8, 3);
        // PUSH 0; PUSH RSP; PUSHFQ; PUSH 8; PUSH RDI; IRETQ
        RefusedOr(ref test, FaultKind.Page, "6A 00 54 9C 6A 08 57 48 CF"u8, 7);
    }

    private static void SoftwareInterrupts(ref Test test)
    {
        test.Is("software-interrupts"u8, "no INT reaches an entry of the kernel: exceptions, timer, doorbell and devices cannot be feigned"u8);
        Refused(ref test, "CC"u8);
        Refused(ref test, "CD 02"u8);
        Refused(ref test, "CD 08"u8);
        Refused(ref test, "CD 0E"u8);
        Refused(ref test, "CD 20"u8);
        Refused(ref test, "CD 30"u8);
        Refused(ref test, "CD 40"u8);
        Refused(ref test, "CD 80"u8);
        Refused(ref test, "CD F0"u8);
        Refused(ref test, "CD FF"u8);
    }

    private static void KernelSegments(ref Test test)
    {
        test.Is("kernel-segments"u8, "the kernel's segments cannot be loaded"u8);
        // MOV EAX, kernel data selector; MOV DS, EAX; and SS, FS
        Refused(ref test, "B8 10 00 00 00 8E D8"u8, 5);
        Refused(ref test, "B8 10 00 00 00 8E D0"u8, 5);
        Refused(ref test, "B8 30 00 00 00 8E E0"u8, 5);
    }

    private static void Flags(ref Test test)
    {
        test.Is("flags"u8, "AC, NT and DF that are left set harm nobody; AC and DF come back, IOPL stays 0, interrupts stay on"u8);
        CodePage page = new(0);
        page.SetFlags(Carry | Direction | Privilege | Nested | Alignment);
        page.SetEax((uint)SystemCall.Yield);
        page.SystemCall();
        page.Turn(200_000);
        page.GetFlags();
        ulong after = page.Here;
        page.Stop();

        // From this thread's call the kernel goes over to one that was interrupted, by IRET, which faults with NT set; then to one that calls, by SYSRET.
        uint interrupted = Worker.Start(ref test, 2, Role.Spin, priority: Priority.Below);
        uint calling = Worker.Start(ref test, 1, Role.Storm, priority: Priority.Below);
        Probe probe = Probe.Make(ref test, 0, Priority.Below);
        probe.Go(ref test, Layout.CodeRun);
        probe.Stops(ref test, after);
        test.Ok(new ThreadControl(calling).Suspend());
        test.Ok(new ThreadControl(interrupted).Suspend());
        ulong flags = probe.Get(Register.Rax);
        test.Same(Direction | Alignment, flags & (Direction | Alignment));
        test.Same(0, flags & Privilege);
        test.Same(Interrupts, flags & Interrupts);
    }

    private static void SingleStep(ref Test test)
    {
        test.Is("single-step"u8, "a SYSCALL under single step is a step of the thread, and never of the kernel"u8);
        CodePage page = new(0);
        page.SetEax((uint)SystemCall.None);
        page.SetFlags(Trap);
        page.SystemCall();
        page.Add("90 90 90"u8);
        ulong after = page.Here;
        page.Stop();
        Probe probe = Probe.Make(ref test);
        probe.Go(ref test, Layout.CodeRun);
        Message message = probe.Expect(ref test, FaultKind.Debug);
        test.AtLeast(Layout.CodeRun, message.Word0);
        test.AtMost(after, message.Word0);
    }

    private static void DirectionInKernel(ref Test test)
    {
        test.Is("direction-in-kernel"u8, "a retype that is asked with DF set zeroes the memory that it should"u8);
        Probe probe = Probe.Make(ref test);

        // The new frame lies right behind this one: a fill that goes backwards would spoil the end of it.
        uint mark = test.MakePage(Layout.Free);
        UserMemory.FillPage(Layout.Free, ulong.MaxValue);
        CodePage page = new(0);
        // MOV R10D, root CNode; MOV R8D, slot; MOV EDX, request
        uint slot = test.Take();
        ulong request = Ask.Retype(CapabilityType.Frame, ObjectSize.FrameBits);
        page.SetEdx((uint)request);
        page.SetR10(RootSlot.CNode);
        page.SetR8(slot);
        page.SetFlags(Direction);
        page.SetEax((uint)SystemCall.Call);
        page.SystemCall();
        ulong after = page.Here;
        page.Stop();
        ulong header = MessageHeader.Of((ulong)UntypedOperation.Retype, MessageHeader.RegisterWords).Raw;
        probe.Go(ref test, Layout.CodeRun, test.Setting.Arena, header);
        probe.Stops(ref test, after);
        test.Same((ulong)SystemResult.Ok, probe.Get(Register.Rax));
        test.Ok(new MemoryFrame(slot).Map(RootSlot.VSpace, Layout.Free + Layout.Page, MapRights.Read));
        test.Same(0, UserMemory.AnyBitOfPage(Layout.Free + Layout.Page));
        test.Same(ulong.MaxValue, UserMemory.Read(Layout.Free));
        test.Same(ulong.MaxValue, UserMemory.Read(Layout.Free + Layout.Page - 8));
        test.Ok(new MemoryFrame(mark).Unmap());
    }
}
