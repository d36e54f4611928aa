using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>For each group of the tests that run as a program (<c>services/Suite</c>), attacks left out, a defect that makes this group fail.</summary>
internal static class SuiteDefects
{
    private static readonly VmShape s_one = new(1) { Icount = true, MemoryMiB = 128 };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        Suite("untyped", "frames are not zeroed", "kernel/Cap/Making/Retype.cs",
            "source.IsInside && !Zero(ref source, in plan)", "source.IsInside && plan.Type != CapabilityType.Frame && !Zero(ref source, in plan)"),
        Suite("cnode", "a copy has the rights that it was asked with", "kernel/Cap/Slots/Copying.cs",
            "copy.Rights = from.Rights & rights;", "copy.Rights = rights;"),
        Suite("revoke", "revoke deletes nothing", "kernel/Syscall/Operations/CNodeOperations.cs",
            "Outcome revoked = Deletion.Revoke<ObjectLife, Microkernel>(ref kernel, slot);", "Outcome revoked = Outcome.Ok;"),
        Suite("lookup", "a short guard is not compared", "kernel/Cap/Slots/CSpace.cs",
            "(guardBits != 0 && Field", "(guardBits > 50 && Field"),
        Suite("endpoint", "a receiver does not hear who sent", "kernel/Rendezvous/MessageTransfer.cs",
            "receiver.Context.Rdi = badge;\n        receiver.Context.Rsi = MessageHeader.Of(header.Label",
            "receiver.Context.Rdi = 0;\n        receiver.Context.Rsi = MessageHeader.Of(header.Label"),
        Suite("refusal", "sending needs no right", "kernel/Syscall/Sending.cs",
            "if (missing != CapabilityRights.None)", "if (missing != CapabilityRights.None && kind == ThreadFlags.IsFault)") with
        {
            // A send that should be refused waits for a receiver that never comes.
            Complaint = "the tests did not come to their end",
        },
        Suite("notification", "a signal replaces those before", "kernel/Syscall/FastPath.cs",
            "signalled.Pending |= slot.Value.Badge;", "signalled.Pending = slot.Value.Badge;"),
        Suite("message", "a message brings the whole buffer along", "kernel/Rendezvous/MessageTransfer.cs",
            "index < words && index < MessageHeader.WordsMax", "index < MessageHeader.WordsMax"),
        Suite("thread", "a thread goes on beside one of a higher priority", "kernel/Sched/Dispatch.cs",
            "current.Priority >= scheduler.Ready.Highest;", "current.Priority + 2 >= scheduler.Ready.Highest;") with
        {
            // Tests of groups before it wait for threads that never get their turn.
            Complaint = "the tests did not come to their end",
        },
        Suite("thread", "the base of FS lies beside what was set", "kernel/Syscall/Operations/ThreadOperations.cs",
            "thread.Context.FsBase = call.Word0;", "thread.Context.FsBase = call.Word0 + 8;"),
        Suite("budget", "a budget may be larger than its period", "kernel/Syscall/Operations/SchedulingControlOperations.cs",
            " || call.Word1 > call.Word2", ""),
        Suite("budget", "no timer is set where a signal switches", "kernel/Programs/UserEntry.cs",
            "if (next > ExitWord.Idle)", "if (next == ExitWord.Idle)"),
        Suite("deadline", "a deadline counts as past before it is", "kernel/Sched/Budgets.cs",
            "scheduler.Deadlines.Earliest > now)", "scheduler.Deadlines.Earliest > now + 200_000)"),
        Suite("fault", "a thread goes on one byte behind where its handler said", "kernel/Rendezvous/Faults.cs",
            "thread.Context.Rip = answer.Rdx;", "thread.Context.Rip = answer.Rdx + 1;"),
        Suite("vspace", "a frame is mapped over another", "kernel/Cap/Mapping/FrameMapping.cs",
            "if (mapped.IsNull && PageTableEntry", "if (slot.SizeBits == 0 && PageTableEntry"),
        Suite("vspace", "a frame of 2 MiB is mapped at any page", "kernel/Cap/Mapping/FrameMapping.cs",
            "if (!Bits.IsAligned(address, size))", "if (!Bits.IsAligned(address, 4096))"),
        Suite("port", "a wide access may reach behind the range", "kernel/Syscall/Operations/IoPortOperations.cs",
            "call.Word0 + width - 1 > range.Extra", "call.Word0 > range.Extra"),
        Suite("interrupt", "two handlers have one vector", "kernel/Syscall/Operations/IrqOperations.cs",
            "entry.IsUsed = true;", "entry.IsUsed = isLine;"),
        Suite("device", "a device's message carries the vector of another handler", "kernel/Syscall/Operations/IrqOperations.cs",
            "MessageInterrupt.DataFor(VectorOf(number))", "MessageInterrupt.DataFor((byte)(VectorOf(number) + 1))"),
        Suite("device", "nobody asks whether the processor maps 1 GiB", "kernel/Root/RootProgram.cs",
            "kernel.Capabilities.HasHugePages = Cpu.MapsHugePages();", ""),
    ];

    private static Defect Suite(string group, string name, string file, string find, string replace) =>
        new(name, file, find, replace, "suite", s_one) { Complaint = $"{group}." };
}
