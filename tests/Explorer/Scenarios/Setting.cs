using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>What varies between configurations of one scenario.</summary>
public sealed record Setting
{
    /// <summary>Kernels that look once more before they sleep.</summary>
    public static Setting Default { get; } = new();

    /// <summary>Slots of each ring: 8 is the least that leaves room beside the reserve.</summary>
    public uint SlotCount { get; init; } = 8;

    /// <summary>How payloads are copied.</summary>
    public PayloadModel Payload { get; init; } = PayloadModel.Ascending;

    /// <summary>What receives: a kernel or a program.</summary>
    public CoreKind ReceiverKind { get; init; } = CoreKind.Kernel;

    /// <summary>See <see cref="Actors.LoopPlan.IdleTurns"/>.</summary>
    public uint IdleTurns { get; init; } = 1;

    /// <summary>See <see cref="Actors.LoopPlan.ReceiveBudget"/>.</summary>
    public int ReceiveBudget { get; init; } = 1;

    /// <summary>Seeded defect: see <see cref="Actors.LoopPlan.NeverDone"/>.</summary>
    public bool NeverDone { get; init; }

    /// <summary>Interrupts that may end a halt without a doorbell.</summary>
    public int Timers { get; init; }

    /// <summary>Whether buffered stores are folded into the access before them.</summary>
    public bool FoldsStores { get; init; } = true;

    /// <summary>Whether links are opened, and their Hellos heard, before the search begins.</summary>
    public bool IsGreeted { get; init; } = true;

    /// <summary>Whether receivers may answer. Else a run in which one does, to a message that its link would not have, fails.</summary>
    public bool HasWayBack { get; init; }

    /// <summary>Seeded defect: links remember the doorbell of a receiver's first sleep in its earlier life.</summary>
    public bool RemembersEarlierLife { get; init; }

    /// <summary>Seeded defect: see <see cref="Actors.LoopPlan.KeepsTurnOpenWhenFull"/>.</summary>
    public bool KeepsTurnOpenWhenFull { get; init; }

    /// <summary>How senders may die.</summary>
    public Mortality Mortality { get; init; }

    /// <summary>Messages that the first sender has sent before anybody else runs.</summary>
    public int Prefill { get; init; }
}
