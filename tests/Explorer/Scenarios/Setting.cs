using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>What varies between configurations of one scenario.</summary>
public sealed record Setting
{
    /// <summary>The product's order, on kernels.</summary>
    public static Setting Default { get; } = new();

    /// <summary>Slots of each ring: 8 is the least that leaves room beside the reserve.</summary>
    public uint SlotCount { get; init; } = 8;

    /// <summary>How payloads are copied.</summary>
    public PayloadModel Payload { get; init; } = PayloadModel.Ascending;

    /// <summary>What receives: a kernel or a program.</summary>
    public CoreKind ReceiverKind { get; init; } = CoreKind.Kernel;

    /// <summary>How receivers sleep.</summary>
    public SleepStep[] Sleep { get; init; } = SleepOrder.Kernel;

    /// <summary>Interrupts that may end a halt without a doorbell.</summary>
    public int Timers { get; init; }

    /// <summary>Whether buffered stores are folded into the access before them.</summary>
    public bool FoldsStores { get; init; } = true;

    /// <summary>Seeded defect: see <see cref="LoopPlan.ForgetsDoorbells"/>.</summary>
    public bool ForgetsDoorbells { get; init; }

    /// <summary>Seeded defect: see <see cref="LoopPlan.RemembersEarlierLife"/>.</summary>
    public bool RemembersEarlierLife { get; init; }

    /// <summary>Seeded defect: see <see cref="LoopPlan.KeepsTurnOpenWhenFull"/>.</summary>
    public bool KeepsTurnOpenWhenFull { get; init; }

    /// <summary>Where receivers look at status words.</summary>
    public StatusLook StatusLook { get; init; }

    /// <summary>How senders may die.</summary>
    public Mortality Mortality { get; init; }

    /// <summary>Messages that the first sender has sent before anybody else runs.</summary>
    public int Prefill { get; init; }
}
