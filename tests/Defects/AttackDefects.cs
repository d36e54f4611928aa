using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>For each attack of <c>services/Suite/Attacks</c> a defect with which it succeeds.</summary>
/// <remarks>
/// What only the processor refuses, no edit of the kernel lets through: there the state of the machine is edited that makes it refuse, or what the kernel
/// does when it has refused. Images are made without asking the proof, which would refuse some of them: the attack must notice by itself.
/// </remarks>
internal static class AttackDefects
{
    private const string Exit = "linker/Trampolines/UserMode/UserExit.cs";
    private const string Flags = "kernel/Abi/Image/ThreadContext.cs";
    private const string Entries = "kernel/Mm/PageTableEntry.cs";
    private const string Control = "kernel/Arch.X64/ControlRegisters.cs";
    private const string Traps = "kernel/Syscall/UserTraps.cs";

    private static readonly VmShape s_one = new(1) { Icount = true, MemoryMiB = 128 };

    // The kernel cannot touch or run programs' pages by mistake where the processor has SMAP and SMEP: it would die of such a defect before it shows.
    private static readonly VmShape s_unguarded = s_one with { Cpu = "max,-smap,-smep" };

    /// <summary>All of them, in the order of the tests.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        Memory(["read-kernel", "write-kernel", "run-kernel"], "all that the kernel maps is the programs', too", Entries,
            "Accessed = 1UL << 5;", "Accessed = (1UL << 5) | (1UL << 2);") with { Shape = s_unguarded },
        Memory(["non-canonical"], "a thread whose instruction pointer is not canonical is a failed check", Traps,
            "FaultKind kind = KindOf(vector);",
            "FaultKind kind = KindOf(vector);\n        Atoll.Base.Check.That(vector != 13 || current.Value.Context.Rip < UserSpace.End);"),
        Memory(["null-page"], "a frame may be mapped at address 0", "kernel/Cap/Mapping/FrameMapping.cs",
            "address < UserSpace.Start || ", ""),
        Memory(["run-stack"], "a program's writable pages can be run", Entries,
            "=> Leaf(physical, rights, level) | User;", "=> (Leaf(physical, rights, level) & ~ExecuteDisable) | User;"),
        Memory(["write-text"], "a program's pages are all writable", Entries,
            "=> Leaf(physical, rights, level) | User;", "=> Leaf(physical, rights, level) | User | Writable;"),
        Memory(["stack-in-kernel"], "a system call runs on the program's stack", "linker/Trampolines/UserMode/SyscallEntry.cs",
            "a.mov(rsp, ImageLayout.StackTop);\n        a.push(rcx);", "a.push(rcx);") with { Shape = s_unguarded },
        Memory(["end-of-user-memory"], "a handler may send a thread anywhere", "kernel/Rendezvous/Faults.cs",
            " && (header.Words <= FaultWords.Rip || answer.Rdx < UserSpace.End)", ""),
        Memory(["after-unmap"], "the processor still knows a page that was unmapped", "kernel/Cap/Mapping/FrameMapping.cs",
            "Cpu.InvalidatePage(slot.MappedAt);", "_ = slot.MappedAt;"),
        Memory(["after-revoke"], "a frame that is revoked stays mapped", "kernel/Cap/Life/Deletion.cs",
            "                FrameMapping.TakeOut(in THost.Capabilities(ref state), ref shrinks);\n", ""),
        Memory(["objects-as-frames"], "a frame keeps what was in its memory", "kernel/Cap/Making/Retype.cs",
            "source.IsInside && !Zero(ref source, in plan)", "source.IsInside && plan.Type != CapabilityType.Frame && !Zero(ref source, in plan)"),
        Memory(["other-program"], "a thread runs in the address space of the one before", "kernel/Sched/Dispatch.cs",
            "if (runs.TableRoot != scheduler.LoadedTables)", "if (scheduler.LoadedTables == scheduler.KernelTables)"),

        Privilege(["interrupt-flag"], "programs run with IOPL 3", Flags, "Always = 0x202;", "Always = 0x3202;"),
        Privilege(["ports"], "the I/O map of the TSS lies where its stacks are", "linker/Trampolines/TaskStateSegment.cs",
            "bytes[IOMapBaseOffset..], Bytes);", "bytes[IOMapBaseOffset..], 0);"),
        Privilege(["reset"], "a range has a port more than was asked for", "kernel/Syscall/Operations/IoPortOperations.cs",
            "call.Word0, (uint)call.Word1);", "call.Word0, (uint)call.Word1 + 1);"),
        Privilege(["model-registers"], "programs may read performance counters (CR4.PCE)", Control, "ulong bits = CR4_MCE;", "ulong bits = CR4_MCE | (1UL << 8);"),
        Privilege(["control-registers", "debug-registers", "returns"], "the kernel passes over what the processor refused", Traps,
            "FaultKind kind = KindOf(vector);", Passing("0", 3)),
        Privilege(["descriptors"], "programs may read the descriptor tables' addresses", Control, "bits |= CR4_UMIP;", "bits |= 0;"),
        Privilege(["caches"], "programs may set bases of segments (CR4.FSGSBASE)", Control, "ulong bits = CR4_MCE;", "ulong bits = CR4_MCE | (1UL << 16);"),
        Privilege(["software-interrupts"], "gates of interrupts are open to programs", "linker/Trampolines/InterruptDescriptorTable.cs",
            "WriteGate(bytes.Slice(vector * GateBytes, GateBytes), entry, StackOf(vector));",
            "WriteGate(bytes.Slice(vector * GateBytes, GateBytes), entry, StackOf(vector));\n            bytes[(vector * GateBytes) + 5] |= (byte)(vector < 32 ? 0 : 0x60);"),
        Privilege(["kernel-segments"], "the kernel passes over a selector that the processor refused", Traps,
            "FaultKind kind = KindOf(vector);", Passing("ImageLayout.KernelDataSelector", 2)),
        Privilege(["flags"], "a system call keeps NT", Flags, "ClearedOnEntry = 0x003F_7FD5;", "ClearedOnEntry = 0x003F_3FD5;"),
        Privilege(["single-step"], "a system call keeps TF", Flags, "ClearedOnEntry = 0x003F_7FD5;", "ClearedOnEntry = 0x003F_7ED5;"),

        // DF itself harms nobody: no instruction of the kernel looks at it. This is what it would do.
        Privilege(["direction-in-kernel"], "the clear of a frame begins a line too early", "kernel/Cap/Making/Retype.cs",
            "ObjectMemory.Clear(PhysicalWindow.Base + source.Object + from, bytes);",
            "ObjectMemory.Clear(PhysicalWindow.Base + source.Object + from - (plan.Type == CapabilityType.Frame && from != 0 ? 64UL : 0), bytes);"),

        Capability(["forged-addresses"], "the upper half of an address is not looked at", "kernel/Cap/Slots/CSpace.cs",
            "if (address < thread.PlainSlots)\n        {\n            depth = AddressBits;\n            return CNode.Slot(thread.RootSlots, address);",
            "if ((uint)address < thread.PlainSlots)\n        {\n            depth = AddressBits;\n            return CNode.Slot(thread.RootSlots, (uint)address);"),
        Capability(["guessed-addresses"], "a root CNode has a slot more than it has", "kernel/Cap/Life/ThreadSlots.cs",
            "isPlain ? CNode.Count(in root) : 0;", "isPlain ? CNode.Count(in root) + 1 : 0;"),
        Capability(["other-root"], "every root CNode is as large as the first program's", "kernel/Cap/Life/ThreadSlots.cs",
            "isPlain ? CNode.Count(in root) : 0;", "isPlain ? 1024U : 0;"),
        Capability(["deleted-capability"], "a copy of an endpoint takes all who wait there with it", "kernel/Cap/Life/Deletion.cs",
            "        !IsSame(in slot, slot.FirstChild) &&", "        slot.Type == CapabilityType.Endpoint || !IsSame(in slot, slot.FirstChild) &&"),
        Capability(["reply-of-others"], "an answer goes through the reply object in the slot before", "kernel/Syscall/Sending.cs",
            "Answer(ref scheduler, current, target.Reply);",
            "Answer(ref scheduler, current, (CNode.Slot(slot, ulong.MaxValue).Value.Type == CapabilityType.Reply ? CNode.Slot(slot, ulong.MaxValue) : slot).Value.Reply);"),
        Capability(["borrowed-priority"], "a thread may give any priority", "kernel/Syscall/Operations/ThreadOperations.cs",
            "if (call.Word0 > authority || call.Word1 > authority)", "if (call.Word0 > 255 || call.Word1 > 255)"),
        Capability(["hostile-words"], "an index in a CNode has no end", "kernel/Syscall/Operations/CNodeOperations.cs",
            "if (index >= CNode.Count(in node.Value))\n        {\n            return new Outcome(SystemResult.ArgumentInvalid, 0);\n        }\n\n        ObjectPointer<CapabilitySlot> slot",
            "ObjectPointer<CapabilitySlot> slot"),

        Resource(["exhaust-memory"], "an untyped gives more than it has", "kernel/Cap/Making/Retype.cs",
            "ulong size = 1UL << source.SizeBits;", "ulong size = 1UL << (source.SizeBits + 1);"),
        Resource(["exhaust-slots"], "objects go into the slot behind a CNode", "kernel/Cap/Making/Retype.cs",
            "ulong slots = CNode.Count(in node);", "ulong slots = CNode.Count(in node) + 1;"),
        Resource(["starve", "storm"], "who waits for a time waits for the end of a turn", "kernel/Sched/Budgets.cs",
            "return matters && end < next ? end : next;", "return matters ? end : next;"),
        Resource(["flood"], "who sends last is heard first", "kernel/Rendezvous/Endpoints.cs",
            "ThreadQueue.AddLast(ref meeting.Head, thread);", "ThreadQueue.AddFirst(ref meeting.Head, thread);"),
        Resource(["overspend"], "a budget that is used up is there again at once", "kernel/Sched/Budgets.cs",
            "if (!time.IsLimited || now >= time.RefillAt)", "if (!time.IsLimited || now >= time.RefillAt - time.Period)"),
        Resource(["spend-lent-time"], "who was lent time keeps it", "kernel/Rendezvous/Replies.cs",
            "            Dispatch.SetTime(ref scheduler, runner, default);\n", "            _ = runner;\n"),
        Resource(["loop-at-the-same-priority"], "who has had a turn has the next, too", "kernel/Sched/Dispatch.cs",
            "            scheduler.Ready.AddLast(current);", "            scheduler.Ready.AddFirst(current);"),

        Register(["vectors-after-a-wait"], "vector registers stay as they are at a switch", Exit,
            "        code.RestoreFpu(initialFpuState);\n", "        _ = initialFpuState;\n"),
        // Of a thread that keeps nothing in the others, as the attacker's: programs live on.
        Register(["general-after-a-wait"], "R15 stays as it is at a switch to a thread that keeps nothing", Exit,
            "code.RestoreFpu(initialFpuState);\n        ContextMemory.Load(a, rax, ContextMemory.Kept);",
            "code.RestoreFpu(initialFpuState);\n        Label stays = a.CreateLabel();\n"
            + "        ContextMemory.Load(a, rax, ContextMemory.Kept.Where(kept => kept.Register != r15));\n"
            + "        a.mov(r11, rbx);\n        a.or(r11, rbp);\n        a.or(r11, r12);\n        a.or(r11, r13);\n        a.or(r11, r14);\n        a.je(stays);\n"
            + "        a.mov(r15, ContextMemory.Word(rax, nameof(ThreadContext.R15)));\n        a.Label(ref stays);"),
        Register(["fresh-thread"], "vector registers stay as they are when a thread begins", Exit,
            "        a.fxrstor64(ContextMemory.Fpu(rax));\n", ""),
        Register(["control-of-vectors"], "vector state of an interrupted thread is not kept", "linker/Trampolines/UserMode/InterruptOrigin.cs",
            "        a.fxsave64(ContextMemory.Fpu(rax));\n", ""),
        Register(["kernel-addresses"], "an operation answers with an address of the kernel", "kernel/Syscall/Invocation.cs",
            "context.Rdi = 0;", "context.Rdi = Atoll.Arch.PhysicalWindow.Base;"),
        Register(["after-refusals"], "a refusal comes with an address of the kernel", "kernel/Syscall/Refusal.cs",
            "thread.Context.Rdi = 0;", "thread.Context.Rdi = Atoll.Arch.PhysicalWindow.Base;"),
        Register(["selectors"], "a selector stays as it is at a switch", Exit, "        a.mov(gs, ecx);\n", ""),
    ];

    private static string Passing(string errorCode, int bytes) =>
        "FaultKind kind = KindOf(vector);\n"
        + $"        if (vector == 13 && current.Value.Context.ErrorCode == {errorCode})\n"
        + $"        {{\n            current.Value.Context.Rip += {bytes};\n            return ExitWord.SameThread;\n        }}\n";

    private static Defect Memory(string[] names, string name, string file, string find, string replace) => Attack("memory", names, name, file, find, replace);

    private static Defect Privilege(string[] names, string name, string file, string find, string replace) => Attack("privilege", names, name, file, find, replace);

    private static Defect Capability(string[] names, string name, string file, string find, string replace) => Attack("capability", names, name, file, find, replace);

    private static Defect Resource(string[] names, string name, string file, string find, string replace) => Attack("resource", names, name, file, find, replace);

    private static Defect Register(string[] names, string name, string file, string find, string replace) => Attack("register", names, name, file, find, replace);

    private static Defect Attack(string group, string[] names, string name, string file, string find, string replace) =>
        new(name, file, find, replace, "attacks", s_one) { Attacks = [.. names.Select(test => $"attack-{group}.{test}")] };
}
