using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>Scenarios of one-way traffic to receivers that sleep.</summary>
/// <typeparam name="TSender">Memory as senders use it.</typeparam>
/// <typeparam name="TReceiver">Memory as receivers use it.</typeparam>
public static unsafe class SleepScenarios<TSender, TReceiver>
    where TSender : ISharedMemory
    where TReceiver : ISharedMemory
{
    /// <summary>Core 0 sends its turns to core 1.</summary>
    public static Model OneSender(Setting setting, params PlannedSend[][] turns) => Senders(setting, 1, turns);

    /// <summary>Cores 0 and 1 send their turns to core 2.</summary>
    public static Model TwoSenders(Setting setting, params PlannedSend[][] turns) => Senders(setting, 2, turns);

    /// <summary>Core 0 sends to cores 1 and 2, with one fence for both at the end of each turn.</summary>
    public static Model TwoReceivers(Setting setting, params PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        RingEnd[] ends = new RingEnd[2];
        LoopPlan[] receivers = new LoopPlan[2];
        for (int i = 0; i < ends.Length; i++)
        {
            ulong* wake = builder.AddWord($"wake{i + 1}");
            ends[i] = builder.AddRing(0, new ContextId(i + 1), wake);
            receivers[i] = Receiver(setting, wake, [ends[i]]);
        }

        builder.AddCore(CoreKind.Kernel, Mortality.Lives, new EventLoop<TSender>(Sender(setting, turns, ends)));
        foreach (LoopPlan receiver in receivers)
        {
            builder.AddCore(setting.ReceiverKind, Mortality.Lives, new EventLoop<TReceiver>(receiver));
        }

        return builder.Build();
    }

    /// <summary>Two programs that share core 0 and its buffer: one sends to the other.</summary>
    public static Model SharedCore(Setting setting, params PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        ulong* wake = builder.AddWord("wake0");
        RingEnd end = builder.AddRing(0, new ContextId(0, 1), wake);
        builder.AddCore(
            CoreKind.Programs,
            Mortality.Lives,
            new EventLoop<TSender>(Sender(setting, turns, end)),
            new EventLoop<TReceiver>(Receiver(setting, wake, [end])));
        return builder.Build();
    }

    internal static LoopPlan Sender(Setting setting, PlannedSend[][] turns, params RingEnd[] ends) => new()
    {
        Name = "sender",
        Outgoing = ends,
        Turns = turns,
        FreeTurns = turns.Length,
        ForgetsDoorbells = setting.ForgetsDoorbells,
        RemembersEarlierLife = setting.RemembersEarlierLife,
        KeepsTurnOpenWhenFull = setting.KeepsTurnOpenWhenFull,
    };

    internal static LoopPlan Receiver(Setting setting, ulong* wake, RingEnd[] ends) => new()
    {
        Name = "receiver",
        Incoming = ends,
        Wake = wake,
        Sleep = setting.Sleep,
        StatusLook = setting.StatusLook,
    };

    private static Model Senders(Setting setting, int count, PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        ulong* wake = builder.AddWord($"wake{count}");
        RingEnd[] ends = new RingEnd[count];
        for (int core = 0; core < count; core++)
        {
            ends[core] = builder.AddRing(core, new ContextId(count), wake);
            LoopPlan sender = Sender(setting, turns, ends[core]);
            builder.AddCore(CoreKind.Kernel, Mortality.Lives, new EventLoop<TSender>(sender));
        }

        builder.AddCore(setting.ReceiverKind, Mortality.Lives, new EventLoop<TReceiver>(Receiver(setting, wake, ends)));
        Model model = builder.Build();
        model.Prefill(core: 0, ring: 0, setting.Prefill);
        return model;
    }
}
