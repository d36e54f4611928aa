using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>Scenarios in which an instance dies between any two of its accesses.</summary>
/// <remarks>
/// The product's <c>DeathNotice</c> announces it: run by the dying instance itself (it panics), or by a fencer once the core is
/// stopped and its stores have drained.
/// </remarks>
/// <typeparam name="TSurvivor">Memory as its peer uses it.</typeparam>
/// <typeparam name="TFencer">Memory as the fencer uses it.</typeparam>
public static unsafe class DeathScenarios<TSurvivor, TFencer>
    where TSurvivor : ISharedMemory
    where TFencer : ISharedMemory
{
    private const string Mortal = "mortal";

    /// <summary>Core 0 sends to core 1 and may die; core 2 fences it when it was stopped.</summary>
    public static Model DyingSender(Setting setting, params PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        Party mortal = builder.AddParty(new ContextId(0), sleeps: false, isMortal: true);
        Party receiver = builder.AddParty(new ContextId(1), sleeps: true);
        (LinkPlan first, LinkPlan second) = builder.Connect(mortal, receiver, answers: false);
        builder.AddCore(CoreKind.Kernel, setting.Mortality, new EventLoop<ModelMemory, ModelInstance>(new LoopPlan
        {
            Name = Mortal,
            Links = [first],
            Listens = false,
            Turns = turns,
            FreeTurns = turns.Length,
            Life = mortal.Life,
        }));
        builder.AddCore(CoreKind.Kernel, Mortality.Lives, new EventLoop<TSurvivor, ModelInstance>(new LoopPlan
        {
            Name = "receiver",
            Links = [second],
            Wake = receiver.Wake,
            IdleTurns = setting.IdleTurns,
            ReceiveBudget = setting.ReceiveBudget,
        }));
        return Finish(builder, setting, mortal, receiver);
    }

    /// <summary>Core 0 asks, core 1 answers and may die; core 0 waits for an answer that may never come.</summary>
    public static Model DyingAnswerer(Setting setting, int rounds)
    {
        ModelBuilder builder = new(setting);
        Party asker = builder.AddParty(new ContextId(0), sleeps: true);
        Party mortal = builder.AddParty(new ContextId(1), sleeps: true, isMortal: true);
        (LinkPlan first, LinkPlan second) = builder.Connect(asker, mortal, answers: true);
        PlannedSend[][] turns = ExchangeScenarios<ModelInstance>.Rounds(rounds);
        builder.AddCore(CoreKind.Kernel, Mortality.Lives, new EventLoop<TSurvivor, ModelInstance>(new LoopPlan
        {
            Name = "asker",
            Links = [first],
            Turns = turns,
            FreeTurns = 1,
            Wake = asker.Wake,
            IdleTurns = setting.IdleTurns,
            ReceiveBudget = setting.ReceiveBudget,
        }));
        builder.AddCore(CoreKind.Kernel, setting.Mortality, new EventLoop<ModelMemory, ModelInstance>(new LoopPlan
        {
            Name = Mortal,
            Links = [second],
            Turns = turns,
            Wake = mortal.Wake,
            IdleTurns = setting.IdleTurns,
            ReceiveBudget = setting.ReceiveBudget,
            Life = mortal.Life,
        }));
        return Finish(builder, setting, mortal, asker);
    }

    private static Model Finish(ModelBuilder builder, Setting setting, Party mortal, Party linked)
    {
        if (setting.Mortality == Mortality.MayBeStopped)
        {
            Fencer<TFencer> fencer = new(mortal.Id.Core, (nint)mortal.Life, [linked.Id]);
            builder.AddCore(CoreKind.Kernel, Mortality.Lives, fencer);
        }

        return builder.Build();
    }
}
