using System.Text;
using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall.Model;
using Atoll.Sched;
using Thread = Atoll.Cap.Thread;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>All that programs, or later calls, can tell of a world, as text: objects by their slots. What calls cost is left out.</summary>
internal static class WorldSnapshot
{
    internal static string Of(KernelWorld world)
    {
        var text = new StringBuilder();
        ref CpuRegisters cpu = ref world.Cpu;
        text.Append($"runs {world.RunningProgram}: {cpu.Rax} {cpu.Rdi:x} {cpu.Rsi:x} {cpu.Rdx:x} {cpu.R10:x} {cpu.R8:x} {cpu.R9:x} ");
        text.AppendLine($"{cpu.Rbx:x} {cpu.Rip:x} {cpu.Rsp:x}");
        text.Append($"ready {world.Scheduler.Ready.Highest}, charged {Where(world, world.Scheduler.Charged.Address)}, ");
        text.AppendLine($"next {Budgets.NextEvent(ref world.Scheduler)}");
        foreach (Program program in world.Programs)
        {
            Describe(world, program, text);
        }

        for (uint slot = 1; slot < world.NextFree; slot++)
        {
            Describe(world, slot, text);
        }

        return text.ToString();
    }

    private static void Describe(KernelWorld world, Program program, StringBuilder text)
    {
        ref Thread thread = ref program.Record;
        ref ThreadContext context = ref thread.Context;
        text.Append($"{program}: {thread.State} {thread.Flags} time {Where(world, thread.SchedulingContext.Address)} ");
        text.Append($"endpoint {Where(world, thread.Endpoint.Address)} reply {Where(world, thread.Reply.Address)} ");
        text.Append($"next {Where(world, thread.Next.Address)} previous {Where(world, thread.Previous.Address)} deadline {(thread.HasDeadline ? thread.Deadline : 0)}");

        // Who waits for a message has no registers for it yet.
        bool hasResults = thread.State == ThreadState.Ready && program != world.RunningProgram;
        text.AppendLine(hasResults
            ? $" {context.Rax} {context.Rdi:x} {context.Rsi:x} {context.Rdx:x} {context.R10:x} {context.R8:x} {context.R9:x}" : "");
    }

    private static void Describe(KernelWorld world, uint index, StringBuilder text)
    {
        ref CapabilitySlot slot = ref world.Slot(index);
        switch (slot.Type)
        {
            case CapabilityType.Endpoint:
                text.AppendLine($"{index}: {slot.Endpoint.Value.State} {Where(world, slot.Endpoint.Value.Head.Address)}");
                break;
            case CapabilityType.Reply:
                ref Reply reply = ref slot.Reply.Value;
                text.Append($"{index}: caller {Where(world, reply.Caller.Address)} waiter {Where(world, reply.Waiter.Address)} ");
                text.Append($"lent {Where(world, reply.Lent.Address)} below {Where(world, reply.Below.Address)} ");
                text.AppendLine(reply.Caller.IsNull ? "" : $"{reply.MayGrant}");
                break;
            case CapabilityType.SchedulingContext:
                ref SchedulingContext time = ref slot.SchedulingContext.Value;
                text.Append($"{index}: thread {Where(world, time.Thread.Address)} runner {Where(world, time.Runner.Address)} ");
                text.AppendLine($"lent {Where(world, time.Lent.Address)} {time.Remaining} {time.RefillAt} {time.Used}");
                break;
        }
    }

    private static string Where(KernelWorld world, ulong address)
    {
        for (uint slot = 1; slot < world.NextFree && address != 0; slot++)
        {
            if (world.Slot(slot).Object == address)
            {
                return $"{slot}";
            }
        }

        return address == 0 ? "-" : "elsewhere";
    }
}
