using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Scenarios;

/// <summary>Scenarios of one-way traffic to receivers that sleep.</summary>
/// <typeparam name="TSender">Memory as senders use it.</typeparam>
/// <typeparam name="TReceiver">Memory as receivers use it.</typeparam>
/// <typeparam name="TSleeper">How receivers sleep.</typeparam>
public static unsafe class SleepScenarios<TSender, TReceiver, TSleeper>
    where TSender : ISharedMemory
    where TReceiver : ISharedMemory
    where TSleeper : ISleeper<LoopState>, ILinkReader<LoopState, Link>, IDeathBell<LoopState>
{
    /// <summary>Core 0 sends its turns to core 1.</summary>
    public static Model OneSender(Setting setting, params PlannedSend[][] turns) => Senders(setting, 1, turns);

    /// <summary>Cores 0 and 1 send their turns to core 2.</summary>
    public static Model TwoSenders(Setting setting, params PlannedSend[][] turns) => Senders(setting, 2, turns);

    /// <summary>Core 0 sends to cores 1 and 2, with one fence for both at the end of each turn.</summary>
    public static Model TwoReceivers(Setting setting, params PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        Party sender = builder.AddParty(new ContextId(0), sleeps: false);
        Party[] receivers = [builder.AddParty(new ContextId(1), sleeps: true), builder.AddParty(new ContextId(2), sleeps: true)];
        (LinkPlan First, LinkPlan Second)[] links =
            Array.ConvertAll(receivers, receiver => builder.Connect(sender, receiver, answers: false));
        LinkPlan[] sending = Array.ConvertAll(links, link => link.First);
        builder.AddCore(CoreKind.Kernel, Mortality.Lives, Sender(setting, turns, sending));
        for (int i = 0; i < receivers.Length; i++)
        {
            builder.AddCore(setting.ReceiverKind, Mortality.Lives, Receiver(setting, receivers[i], links[i].Second));
        }

        return builder.Build();
    }

    /// <summary>Two programs that share core 0 and its buffer: one sends to the other.</summary>
    public static Model SharedCore(Setting setting, params PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        Party sender = builder.AddParty(new ContextId(0), sleeps: false);
        Party receiver = builder.AddParty(new ContextId(0, 1), sleeps: true);
        (LinkPlan first, LinkPlan second) = builder.Connect(sender, receiver, answers: false);
        builder.AddCore(
            CoreKind.Programs, Mortality.Lives, Sender(setting, turns, first), Receiver(setting, receiver, second));
        return builder.Build();
    }

    private static Model Senders(Setting setting, int count, PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        Party receiver = builder.AddParty(new ContextId(count), sleeps: true);
        LinkPlan[] links = new LinkPlan[count];
        for (int core = 0; core < count; core++)
        {
            Party sender = builder.AddParty(new ContextId(core), sleeps: false);
            (LinkPlan first, links[core]) = builder.Connect(sender, receiver, answers: false);
            builder.AddCore(CoreKind.Kernel, Mortality.Lives, Sender(setting, turns, first));
        }

        builder.AddCore(setting.ReceiverKind, Mortality.Lives, Receiver(setting, receiver, links));
        Model model = builder.Build();
        model.Prefill(core: 0, ring: 0, setting.Prefill);
        return model;
    }

    private static EventLoop<TSender, ModelInstance> Sender(Setting setting, PlannedSend[][] turns, params LinkPlan[] links) =>
        new(new LoopPlan
        {
            Name = "sender",
            Links = links,
            Listens = false,
            Turns = turns,
            FreeTurns = turns.Length,
            KeepsTurnOpenWhenFull = setting.KeepsTurnOpenWhenFull,
        });

    private static EventLoop<TReceiver, TSleeper> Receiver(Setting setting, Party receiver, params LinkPlan[] links) =>
        new(new LoopPlan
        {
            Name = "receiver",
            Links = links,
            Wake = receiver.Wake,
            IsProgram = setting.ReceiverKind == CoreKind.Programs,
            NeverDone = setting.NeverDone,
            IdleTurns = setting.IdleTurns,
            ReceiveBudget = setting.ReceiveBudget,
        });
}
