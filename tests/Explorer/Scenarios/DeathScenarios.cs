using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>Scenarios in which an instance dies between any two of its accesses.</summary>
/// <remarks>
/// The death is a status word and then a doorbell to those linked with the dead, written by the dying instance itself
/// (it panics) or by a fencer once the core is stopped and its stores have drained.
/// </remarks>
/// <typeparam name="TMortal">Memory as the one who may die uses it.</typeparam>
/// <typeparam name="TFencer">Memory as the fencer uses it.</typeparam>
public static unsafe class DeathScenarios<TMortal, TFencer>
    where TMortal : ISharedMemory
    where TFencer : ISharedMemory
{
    /// <summary>Core 0 sends to core 1 and may die; core 2 fences it when it was stopped.</summary>
    public static Model DyingSender(Setting setting, params PlannedSend[][] turns)
    {
        ModelBuilder builder = new(setting);
        ulong* status = builder.AddWord("status0");
        ulong* wake = builder.AddWord("wake1");
        ContextId[] linked = [new(1)];
        RingEnd end = builder.AddRing(0, linked[0], wake, status);
        builder.AddCore(CoreKind.Kernel, setting.Mortality, new EventLoop<TMortal>(new LoopPlan
        {
            Name = "mortal",
            Outgoing = [end],
            Turns = turns,
            FreeTurns = turns.Length,
            Status = status,
            Linked = linked,
        }));
        builder.AddCore(CoreKind.Kernel, Mortality.Lives, new EventLoop<ModelMemory>(new LoopPlan
        {
            Name = "receiver",
            Incoming = [end],
            Wake = wake,
            Sleep = setting.Sleep,
            StatusLook = setting.StatusLook,
        }));
        return Finish(builder, setting, status, linked);
    }

    /// <summary>Core 0 asks, core 1 answers and may die; core 0 waits for an answer that may never come.</summary>
    public static Model DyingAnswerer(Setting setting, int rounds)
    {
        ModelBuilder builder = new(setting);
        ulong* status = builder.AddWord("status1");
        ulong* wake0 = builder.AddWord("wake0");
        ulong* wake1 = builder.AddWord("wake1");
        ContextId[] linked = [new(0)];
        RingEnd ask = builder.AddRing(sender: 0, new ContextId(1), wake1);
        RingEnd answer = builder.AddRing(sender: 1, linked[0], wake0, status);
        PlannedSend[][] turns = [.. Enumerable.Repeat<PlannedSend[]>([new()], rounds)];
        builder.AddCore(CoreKind.Kernel, Mortality.Lives, new EventLoop<ModelMemory>(new LoopPlan
        {
            Name = "asker",
            Incoming = [answer],
            Outgoing = [ask],
            Turns = turns,
            FreeTurns = 1,
            Wake = wake0,
            Sleep = setting.Sleep,
            StatusLook = setting.StatusLook,
        }));
        builder.AddCore(CoreKind.Kernel, setting.Mortality, new EventLoop<TMortal>(new LoopPlan
        {
            Name = "mortal",
            Incoming = [ask],
            Outgoing = [answer],
            Turns = turns,
            Wake = wake1,
            Sleep = setting.Sleep,
            Status = status,
            Linked = linked,
        }));
        return Finish(builder, setting, status, linked);
    }

    private static Model Finish(ModelBuilder builder, Setting setting, ulong* status, ContextId[] linked)
    {
        if (setting.Mortality == Mortality.MayBeStopped)
        {
            int mortal = linked[0].Core == 0 ? 1 : 0;
            builder.AddCore(CoreKind.Kernel, Mortality.Lives, new Fencer<TFencer>(mortal, (nint)status, linked));
        }

        return builder.Build();
    }
}
