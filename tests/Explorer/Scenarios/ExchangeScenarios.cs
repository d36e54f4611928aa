using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer.Scenarios;

/// <summary>Scenarios in which both ends send, receive and sleep.</summary>
/// <typeparam name="TSleeper">How both sleep.</typeparam>
public static unsafe class ExchangeScenarios<TSleeper>
    where TSleeper : ISleeper<LoopState>, ILinkReader<LoopState, Link>, IDeathBell<LoopState>
{
    /// <summary>Core 0 asks, core 1 answers, so many times; each sleeps while it waits.</summary>
    public static Model PingPong(Setting setting, int rounds) =>
        Exchange(setting, Rounds(rounds), Rounds(rounds), freeToAsk: 1);

    /// <summary>Both wait for the other to begin.</summary>
    public static Model NobodyBegins(Setting setting) => Exchange(setting, Rounds(1), Rounds(1), freeToAsk: 0);

    /// <summary>Both open their end, say Hello, and core 0 sends its turns as soon as it has heard the other's.</summary>
    public static Model Opening(Setting setting, params PlannedSend[][] turns) =>
        Exchange(setting with { IsGreeted = false }, turns, [], turns.Length);

    /// <summary>Both send at once, each as much as it is given: more than a ring holds, so that both wait for room.</summary>
    public static Model Storm(Setting setting, PlannedSend[] asks, PlannedSend[] answers) =>
        Exchange(setting, [asks], answers.Length == 0 ? [] : [answers], freeToAsk: 1, freeToAnswer: 1);

    internal static PlannedSend[][] Rounds(int rounds) => [.. Enumerable.Repeat<PlannedSend[]>([new()], rounds)];

    private static Model Exchange(
        Setting setting, PlannedSend[][] asks, PlannedSend[][] answers, int freeToAsk, int freeToAnswer = 0)
    {
        ModelBuilder builder = new(setting);
        Party asker = builder.AddParty(new ContextId(0), sleeps: true);
        Party answerer = builder.AddParty(new ContextId(1), sleeps: true);
        (LinkPlan first, LinkPlan second) = builder.Connect(asker, answerer, answers: true);
        builder.AddCore(setting.ReceiverKind, Mortality.Lives, Loop(setting, "asker", asker, first, asks, freeToAsk));
        builder.AddCore(setting.ReceiverKind, Mortality.Lives, Loop(setting, "answerer", answerer, second, answers, freeToAnswer));
        return builder.Build();
    }

    private static EventLoop<ModelMemory, TSleeper> Loop(
        Setting setting, string name, Party party, LinkPlan link, PlannedSend[][] turns, int freeTurns) =>
        new(new LoopPlan
        {
            Name = name,
            Links = [link],
            OpensLinks = !setting.IsGreeted,
            Turns = turns,
            FreeTurns = freeTurns,
            Wake = party.Wake,
            IsProgram = setting.ReceiverKind == CoreKind.Programs,
            IdleTurns = setting.IdleTurns,
        });
}
