using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Syscall;

/// <summary>Operations of an InstanceControl about the instances of the machine, on the coordinator's core.</summary>
internal static class MemberOperations
{
    /// <summary>Tells of an instance, takes an order, or remembers who watches. The caller has the right to it.</summary>
    internal static Outcome Invoke(ref Microkernel kernel, ref readonly Thread caller, ref Invocation call)
    {
        ref MemberBoard board = ref kernel.Members;
        if (board.Rows.Count == 0)
        {
            return new Outcome(SystemResult.Unavailable);
        }

        if (call.Operation == (ulong)InstanceControlOperation.Watch)
        {
            return Watch(ref board, in caller, call.Word0);
        }

        if (call.Word0 >= board.Rows.Count)
        {
            return new Outcome(SystemResult.ArgumentInvalid, 0);
        }

        ref MemberRow row = ref board.Rows[(uint)call.Word0];
        if (call.Operation == (ulong)InstanceControlOperation.Order)
        {
            return Order(ref board, ref row, in call);
        }

        if (call.Operation == (ulong)InstanceControlOperation.Member)
        {
            call.Answer(4, row.Condition, row.Incarnation, row.Heartbeat, row.Bytes);
        }
        else
        {
            call.Answer(4, row.Change, row.ChangedAt, row.Note0, row.Note1);
        }

        return Outcome.Ok;
    }

    private static Outcome Watch(ref MemberBoard board, ref readonly Thread caller, ulong address)
    {
        Outcome found = Destination.FindSignalled(in caller, address, out ObjectPointer<CapabilitySlot> slot);
        if (found.IsOk)
        {
            board.Listen(slot.Value.Notification, slot.Value.Badge);
        }

        return found;
    }

    private static Outcome Order(ref MemberBoard board, ref MemberRow row, ref readonly Invocation call)
    {
        if (call.Word0 == 0 || call.Word1 > (ulong)MemberOrder.Hang)
        {
            return new Outcome(SystemResult.ArgumentInvalid, call.Word0 == 0 ? 0UL : 1);
        }

        if (call.Word1 > (ulong)MemberOrder.Release && !board.ProvokesFaults)
        {
            return new Outcome(SystemResult.Unavailable, 1);
        }

        row.Note0 = call.Word2;
        row.Note1 = call.Word3;
        if (call.Word1 != 0)
        {
            row.Order = (MemberOrder)call.Word1;
            board.HasOrders = true;
        }

        return Outcome.Ok;
    }
}
