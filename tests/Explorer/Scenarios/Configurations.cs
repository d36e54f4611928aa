using Atoll.Explorer.Actors;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer.Scenarios;

/// <summary>One configuration whose every interleaving is searched.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="IsLong">Whether only the long run has it.</param>
/// <param name="Scenario">Makes its initial state.</param>
public sealed record Configuration(string Name, bool IsLong, Func<Model> Scenario);

/// <summary>Everything that is searched without a seeded defect.</summary>
public static class Configurations
{
    private const bool Short = false;
    private const bool Long = true;

    private static readonly Setting s_kernel = Setting.Default;
    private static readonly Setting s_program = s_kernel with
    {
        ReceiverKind = CoreKind.Programs,
    };

    private static readonly Setting s_descending = s_kernel with { Payload = PayloadModel.Descending };
    private static readonly Setting s_allWords = s_kernel with { Payload = PayloadModel.AllWords };
    private static readonly Setting s_dataFull = s_kernel with { Prefill = 4 };
    private static readonly Setting s_allFull = s_kernel with { Prefill = 8 };
    private static readonly Setting s_atOnce = s_kernel with { IdleTurns = 0 };
    private static readonly Setting s_patient = s_kernel with { IdleTurns = 2 };
    private static readonly Setting s_panics = s_kernel with { Mortality = Mortality.MayPanic };
    private static readonly Setting s_stopped = s_kernel with { Mortality = Mortality.MayBeStopped };

    private static readonly PlannedSend[] s_one = [new()];
    private static readonly PlannedSend[] s_two = [new(), new()];
    private static readonly PlannedSend[] s_five = [.. Enumerable.Repeat(new PlannedSend(), 5)];
    private static readonly PlannedSend[] s_six = [.. Enumerable.Repeat(new PlannedSend(), 6)];
    private static readonly PlannedSend[] s_ten = [.. Enumerable.Repeat(new PlannedSend(), 10)];
    private static readonly PlannedSend[] s_toBoth = [new(Link: 0), new(Link: 1)];
    private static readonly PlannedSend s_control = new(IsControl: true);
    private static readonly PlannedSend[] s_fillControlData = [.. s_two, .. s_two, s_control, new()];
    private static readonly PlannedSend[] s_nineControl = [.. Enumerable.Repeat(s_control, 9)];

    /// <summary>The list.</summary>
    public static Configuration[] All { get; } =
    [
        new("1 sender, turns 1+1+1", Short, () => One(s_kernel, s_one, s_one, s_one)),
        new("1 sender, turns 2+1, payload descending", Short, () => One(s_descending, s_two, s_one)),
        new("1 sender, turns 1+1, all words", Short, () => One(s_allWords, s_one, s_one)),
        new("1 sender, turns 1+1+1, a timer", Short, () => One(s_kernel with { Timers = 1 }, s_one, s_one, s_one)),
        new("1 sender, turn of 6 on a ring for 4", Short, () => One(s_kernel, s_six)),
        new("1 sender, ring full, 6 more, second lap", Short, () => One(s_dataFull, s_ten)),
        new("1 sender, data fills the ring, control, data", Short, () => One(s_dataFull, s_fillControlData)),
        new("1 sender, nine control messages", Short, () => One(s_allFull, s_nineControl)),
        new("1 sender to a program, turns 1+1+1", Short, () => One(s_program, s_one, s_one, s_one)),
        new("2 senders, turn 1 each", Short, () => Two(s_kernel, s_one)),
        new("2 senders to a program, turn 1 each", Short, () => Two(s_program, s_one)),
        new("2 receivers, one fence, turn 1 each", Short, () => Both(s_kernel, s_toBoth)),
        new("2 programs on one core, turns 1+1+1", Short, () => Shared(s_program, s_one, s_one, s_one)),
        new("ping-pong, 2 rounds", Short, () => PingPong(s_kernel, rounds: 2)),
        new("ping-pong of programs, 2 rounds", Short, () => PingPong(s_program, rounds: 2)),
        new("both open their links, turns 1+1, all words, sleep at once", Short, () =>
            Opening(s_allWords with { IdleTurns = 0 }, s_one, s_one)),
        new("turn of 5 on a ring for 4, the sender sleeps with a timer", Short, () => Storm(s_kernel, s_five, [])),
        new("1 sender, turns 1+1+1, sleep at once", Short, () => One(s_atOnce, s_one, s_one, s_one)),
        new("1 sender, turns 2+1, two messages a look", Short, () => One(s_kernel with { ReceiveBudget = 2 }, s_two, s_one)),
        new("1 sender, turns 1+1+1, two idle turns", Short, () => One(s_patient, s_one, s_one, s_one)),
        new("sender panics at any point, turns 1+1", Short, () => DyingSender(s_panics, s_one, s_one)),
        new("sender is stopped at any point, turns 1+1", Short, () => DyingSender(s_stopped, s_one, s_one)),
        new("sender panics at any point, turns 1+1, two messages a look", Short, () =>
            DyingSender(s_panics with { ReceiveBudget = 2 }, s_one, s_one)),
        new("answerer panics at any point, 1 round", Short, () => DyingAnswerer(s_panics, rounds: 1)),
        new("answerer is stopped at any point, 1 round", Short, () => DyingAnswerer(s_stopped, rounds: 1)),
        new("1 sender, turns 1+1+1+1, all words", Long, () => One(s_allWords, s_one, s_one, s_one, s_one)),
        new("1 sender, turns 2+2+2, two timers", Long, () => One(s_kernel with { Timers = 2 }, s_two, s_two, s_two)),
        new("2 senders, turns 1+1 each", Short, () => Two(s_kernel, s_one, s_one)),
        new("2 senders, turn 2 each", Short, () => Two(s_kernel, s_two)),
        new("turns of 5 both ways on rings for 4, both sleep with timers", Long, () => Storm(s_kernel, s_five, s_five)),
        new("2 senders, turns 2+1 each, sleep at once", Long, () => Two(s_atOnce, s_two, s_one)),
        new("2 senders, turns 1+1+1 each, sleep at once", Long, () => Two(s_atOnce, s_one, s_one, s_one)),
        new("2 senders to a program, turns 1+1 each", Long, () => Two(s_program, s_one, s_one)),
        new("2 receivers, one fence, turns 1+1+1, sleep at once", Long, () => Both(s_atOnce, s_toBoth, s_toBoth, s_toBoth)),
        new("ping-pong, 4 rounds, a timer, sleep at once", Long, () => PingPong(s_atOnce with { Timers = 1 }, rounds: 4)),
        new("sender panics at any point, turns 2+1+1", Long, () => DyingSender(s_panics, s_two, s_one, s_one)),
        new("sender is stopped at any point, turns 2+1+1", Long, () => DyingSender(s_stopped, s_two, s_one, s_one)),
        new("sender is stopped at any point, turns 2+1+1, two messages a look", Long, () =>
            DyingSender(s_stopped with { ReceiveBudget = 2 }, s_two, s_one, s_one)),
        new("answerer is stopped at any point, 3 rounds", Long, () => DyingAnswerer(s_stopped, rounds: 3)),
    ];

    private static Model One(Setting setting, params PlannedSend[][] turns) =>
        SleepScenarios<ModelMemory, ModelMemory, ModelInstance>.OneSender(setting, turns);

    private static Model Two(Setting setting, params PlannedSend[][] turns) =>
        SleepScenarios<ModelMemory, ModelMemory, ModelInstance>.TwoSenders(setting, turns);

    private static Model Both(Setting setting, params PlannedSend[][] turns) =>
        SleepScenarios<ModelMemory, ModelMemory, ModelInstance>.TwoReceivers(setting, turns);

    private static Model Shared(Setting setting, params PlannedSend[][] turns) =>
        SleepScenarios<ModelMemory, ModelMemory, ModelInstance>.SharedCore(setting, turns);

    private static Model PingPong(Setting setting, int rounds) =>
        ExchangeScenarios<ModelInstance>.PingPong(setting, rounds);

    private static Model Opening(Setting setting, params PlannedSend[][] turns) =>
        ExchangeScenarios<ModelInstance>.Opening(setting, turns);

    private static Model Storm(Setting setting, PlannedSend[] asks, PlannedSend[] answers) =>
        ExchangeScenarios<ModelInstance>.Storm(setting, asks, answers);

    private static Model DyingSender(Setting setting, params PlannedSend[][] turns) =>
        DeathScenarios<ModelMemory, ModelMemory>.DyingSender(setting, turns);

    private static Model DyingAnswerer(Setting setting, int rounds) =>
        DeathScenarios<ModelMemory, ModelMemory>.DyingAnswerer(setting, rounds);
}
