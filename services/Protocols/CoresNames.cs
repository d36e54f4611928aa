using System;
using Atoll.Abi;

namespace Atoll.Services.Protocols;

/// <summary>What people call what is and what becomes of cores.</summary>
public static class CoresNames
{
    /// <summary>The name of a state.</summary>
    public static ReadOnlySpan<byte> Of(MemberState state) => state switch
    {
        MemberState.Empty => "empty"u8,
        MemberState.Provisioned => "provisioned"u8,
        MemberState.Booting => "booting"u8,
        MemberState.Healthy => "healthy"u8,
        MemberState.Dead => "dead"u8,
        MemberState.Fenced => "fenced"u8,
        MemberState.Failed => "failed"u8,
        _ => "?"u8,
    };

    /// <summary>The name of a cause; empty: there is none.</summary>
    public static ReadOnlySpan<byte> Of(MemberCause cause) => cause switch
    {
        MemberCause.Panic => "panic"u8,
        MemberCause.Hang => "hang"u8,
        MemberCause.Order => "order"u8,
        MemberCause.Deadline => "deadline"u8,
        MemberCause.Memory => "memory"u8,
        _ => default,
    };

    /// <summary>The name of an order.</summary>
    public static ReadOnlySpan<byte> Of(CoreOrder order) => order switch
    {
        CoreOrder.Start => "start"u8,
        CoreOrder.Stop => "stop"u8,
        CoreOrder.Kill => "kill"u8,
        CoreOrder.Restart => "restart"u8,
        CoreOrder.Panic => "panic"u8,
        CoreOrder.Hang => "hang"u8,
        _ => default,
    };

    /// <summary>The order that a word stands for.</summary>
    public static CoreOrder OrderOf(ReadOnlySpan<byte> word)
    {
        for (CoreOrder order = CoreOrder.Start; order <= CoreOrder.Hang; order++)
        {
            if (Lib.Text.AreEqual(word, Of(order)))
            {
                return order;
            }
        }

        return Lib.Text.AreEqual(word, "provision"u8) ? CoreOrder.Start : CoreOrder.None;
    }

    /// <summary>The name of an outcome.</summary>
    public static ReadOnlySpan<byte> Of(OrderOutcome outcome) => outcome switch
    {
        OrderOutcome.None => "none"u8,
        OrderOutcome.UnderWay => "under way"u8,
        OrderOutcome.Done => "done"u8,
        OrderOutcome.Failed => "failed"u8,
        _ => "late"u8,
    };

    /// <summary>What an answer means.</summary>
    public static ReadOnlySpan<byte> Of(CoresAnswer answer) => answer switch
    {
        CoresAnswer.Done => "done"u8,
        CoresAnswer.NotAllowed => "this system lets it look, and not order ({NAME}=order in the coordinator's arguments)"u8,
        CoresAnswer.NoSuchCore => "the machine has no such core"u8,
        CoresAnswer.FirstCore => "the first core can be neither stopped nor started"u8,
        CoresAnswer.Busy => "another order for it has not ended"u8,
        CoresAnswer.NothingToDo => "nothing to do: 'instances' shows how it is"u8,
        CoresAnswer.NotInThisImage => "this image provokes no faults; the one for tests does"u8,
        CoresAnswer.Full => "there is no room"u8,
        CoresAnswer.Unknown => "not subscribed"u8,
        CoresAnswer.SignalUnusable => "that notification cannot be signalled"u8,
        _ => "the kernel has refused"u8,
    };
}
