using Atoll.Abi;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Defects;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Tso;
using Atoll.Ipc;

namespace Atoll.Explorer;

/// <summary>One kind of lost wake-up that public reports tell of, as a defect under the product's own procedures.</summary>
/// <param name="Number">Number in docs/explorer.md.</param>
/// <param name="Name">What goes wrong, in a few words.</param>
/// <param name="Found">What the explorer must call it.</param>
/// <param name="Scenario">The smallest configuration that shows it.</param>
public sealed record LostWakeUpKind(int Number, string Name, ViolationKind Found, Func<Model> Scenario)
{
    private static readonly PlannedSend[] s_one = [new()];
    private static readonly Setting s_program = Setting.Default with { ReceiverKind = CoreKind.Programs };

    /// <summary>All kinds that the model can have.</summary>
    public static IReadOnlyList<LostWakeUpKind> All { get; } =
    [
        new(1, "store buffering at the receiver: its announcement is behind its second look", ViolationKind.LostWakeUp,
            Of<ModelMemory, WithoutFence, ModelInstance>(Setting.Default, s_one)),
        new(2, "store buffering at the sender: its message is behind its look at the wake word", ViolationKind.LostWakeUp,
            Of<WithoutFence, ModelMemory, ModelInstance>(Setting.Default, s_one)),
        new(3, "a doorbell only for the message that finds the ring empty, by the sender's own count", ViolationKind.LostWakeUp,
            Of<RingsOnlyWhenItWasEmpty, ModelMemory, ModelInstance>(Setting.Default, s_one, s_one)),
        new(5, "the waiter clears its notification after it has looked", ViolationKind.LostWakeUp,
            Of<ModelMemory, ModelMemory, ForgetsItsNotificationBeforeItWaits>(s_program, s_one, s_one)),
        new(6, "doorbells sent while the receiver is replaced are dropped, and it does not look when it goes on", ViolationKind.LostWakeUp,
            Of<ModelMemory, ModelMemory, ResumesWithoutALook>(Setting.Default, s_one)),
        new(7, "work between the last look and the halt uses up the doorbell", ViolationKind.LostWakeUp,
            Of<ModelMemory, ModelMemory, ServesBeforeTheHaltAfterAWindow>(Setting.Default, s_one, s_one)),
        new(8, "woken, it looks until something comes, and nothing does", ViolationKind.Livelock,
            Of<ModelMemory, ModelMemory, LooksUntilSomethingComes>(Setting.Default, s_one)),
        new(9, "a doorbell that is remembered over the receiver's next sleep", ViolationKind.LostWakeUp,
            Of<OneNameForEverySleep, ModelMemory, ModelInstance>(Setting.Default, s_one, s_one)),
    ];

    private static Func<Model> Of<TSender, TReceiver, TSleeper>(Setting setting, params PlannedSend[][] turns)
        where TSender : ISharedMemory
        where TReceiver : ISharedMemory
        where TSleeper : ISleeper<LoopState>, ILinkReader<LoopState, Link>, IDeathBell<LoopState> =>
        () => SleepScenarios<TSender, TReceiver, TSleeper>.OneSender(setting, turns);
}
