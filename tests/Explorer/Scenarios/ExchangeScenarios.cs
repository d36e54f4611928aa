using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>Scenarios in which both ends send, receive and sleep.</summary>
/// <typeparam name="TMemory">Memory as both use it.</typeparam>
public static unsafe class ExchangeScenarios<TMemory>
    where TMemory : ISharedMemory
{
    /// <summary>Core 0 asks, core 1 answers, so many times; each sleeps while it waits.</summary>
    public static Model PingPong(Setting setting, int rounds) => Exchange(setting, rounds, firstMayBegin: true);

    /// <summary>Both wait for the other to begin.</summary>
    public static Model NobodyBegins(Setting setting) => Exchange(setting, rounds: 1, firstMayBegin: false);

    private static Model Exchange(Setting setting, int rounds, bool firstMayBegin)
    {
        ModelBuilder builder = new(setting);
        ulong* wake0 = builder.AddWord("wake0");
        ulong* wake1 = builder.AddWord("wake1");
        RingEnd ask = builder.AddRing(sender: 0, new ContextId(1), wake1);
        RingEnd answer = builder.AddRing(sender: 1, new ContextId(0), wake0);
        PlannedSend[][] turns = [.. Enumerable.Repeat<PlannedSend[]>([new()], rounds)];
        builder.AddCore(setting.ReceiverKind, Mortality.Lives, new EventLoop<TMemory>(new LoopPlan
        {
            Name = "asker",
            Incoming = [answer],
            Outgoing = [ask],
            Turns = turns,
            FreeTurns = firstMayBegin ? 1 : 0,
            Wake = wake0,
            Sleep = setting.Sleep,
        }));
        builder.AddCore(setting.ReceiverKind, Mortality.Lives, new EventLoop<TMemory>(new LoopPlan
        {
            Name = "answerer",
            Incoming = [ask],
            Outgoing = [answer],
            Turns = turns,
            Wake = wake1,
            Sleep = setting.Sleep,
        }));
        return builder.Build();
    }
}
