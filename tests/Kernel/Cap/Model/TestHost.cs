using Atoll.Abi;
using Atoll.Arch;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>What the rooms above would keep, as plain collections.</summary>
public sealed class HostLog
{
    /// <summary>Physical address of the kernel's own level 4 table.</summary>
    public ulong KernelTables { get; set; }

    /// <summary>Threads that wait at an endpoint or notification, by the object's address.</summary>
    public Dictionary<ulong, int> Waiters { get; } = [];

    /// <summary>Objects that ended, in order: kind and address.</summary>
    public List<(CapabilityType Type, ulong Object)> Ended { get; } = [];

    /// <summary>Threads that lost their address space.</summary>
    public List<ulong> WithoutSpace { get; } = [];
}

/// <summary>State that the hooks get.</summary>
public struct TestState
{
    /// <summary>The room's own.</summary>
    public CapabilityState Capabilities;

    /// <summary>What was called.</summary>
    public HostLog Log;
}

/// <summary>The rooms above: waits end one at a time, all else is noted.</summary>
public readonly struct TestHost : ICapabilityHost<TestState>
{
    public static ref CapabilityState Capabilities(ref TestState state) => ref state.Capabilities;

    public static void EndThread(ref TestState state, ObjectPointer<Thread> thread) =>
        state.Log.Ended.Add((CapabilityType.Thread, thread.Address));

    public static void LoseVSpace(ref TestState state, ObjectPointer<Thread> thread) => state.Log.WithoutSpace.Add(thread.Address);

    public static bool EndWait(ref TestState state, ObjectPointer<Endpoint> endpoint) =>
        EndWait(state.Log, CapabilityType.Endpoint, endpoint.Address);

    public static bool EndWait(ref TestState state, ObjectPointer<Notification> notification) =>
        EndWait(state.Log, CapabilityType.Notification, notification.Address);

    public static void EndReply(ref TestState state, ObjectPointer<Reply> reply) =>
        state.Log.Ended.Add((CapabilityType.Reply, reply.Address));

    public static void EndSchedulingContext(ref TestState state, ObjectPointer<SchedulingContext> context) =>
        state.Log.Ended.Add((CapabilityType.SchedulingContext, context.Address));

    public static void EndInterrupt(ref TestState state, ulong number) => state.Log.Ended.Add((CapabilityType.IrqHandler, number));

    public static void EndChannel(ref TestState state, ulong number) => state.Log.Ended.Add((CapabilityType.Channel, number));

    public static bool TryEndExport(ref TestState state, ObjectPointer<CapabilitySlot> slot) =>
        throw new NotSupportedException("nothing crosses here");

    public static void EmptyImport(ref TestState state, ObjectPointer<CapabilitySlot> root) => throw new NotSupportedException("nothing crosses here");

    public static void LeaveTables(ref TestState state, ulong root)
    {
        if (Cpu.PageTables() == root)
        {
            Cpu.UsePageTables(state.Log.KernelTables);
        }
    }

    public static Outcome CancelBadgedSends(ref TestState state, ObjectPointer<Endpoint> endpoint, ulong badge) => Outcome.Ok;

    private static bool EndWait(HostLog log, CapabilityType type, ulong address)
    {
        int waiting = log.Waiters.GetValueOrDefault(address);
        if (waiting > 1)
        {
            log.Waiters[address] = waiting - 1;
            return false;
        }

        log.Waiters.Remove(address);
        log.Ended.Add((type, address));
        return true;
    }
}
