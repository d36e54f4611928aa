using System.Globalization;
using Atoll.Instance;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Multikernel.Hangs;

/// <summary>A machine whose members hang at any step, for a while or for good, while they work, die and come back; then all calms down.</summary>
/// <remarks>
/// First phase: anything happens, and only safety is asked for: nobody is fenced who would have answered in time, and no page is prepared for another use while
/// somebody may still touch it, whoever hangs included. Second phase: nothing new goes wrong, and within bounded time everybody lives (liveness). Then
/// each hang for good was told once, everybody works, and nothing is lost.
/// </remarks>
public sealed unsafe class HangRun
{
    private const ulong Forever = ulong.MaxValue;
    private const ulong NanosecondsPerMillisecond = 1_000_000;

    private readonly SimulatedMultikernel _machine;
    private readonly Random _random;
    private readonly uint _deadlineMilliseconds;
    private readonly int _rarity;
    private readonly Dictionary<(uint Core, ulong Life), ulong> _hangs = [];
    private readonly ulong _calmAt;
    private int _left;

    private HangRun(SimulatedMultikernel machine, Random random, uint deadlineMilliseconds, int hangs)
    {
        _machine = machine;
        _random = random;
        _deadlineMilliseconds = deadlineMilliseconds;
        _left = hangs;
        _rarity = random.Next(1, 100);
        _calmAt = (ulong)random.Next(20, 200) * NanosecondsPerMillisecond;
        machine.TicksMax = 3_000_000_000;
        machine.Breaking = Break;
    }

    /// <summary>Runs seeds until one fails.</summary>
    /// <param name="seeds">How many.</param>
    /// <param name="steps">Most hangs in each.</param>
    /// <returns>null, or which seed failed and how.</returns>
    public static string? RunMany(int seeds, int steps) => SeedSearch.Run(seeds, random => Run(random, steps));

    /// <summary>Runs one.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="hangs">Most hangs.</param>
    public static void Run(Random random, int hangs) => _ = Run(random, hangs, random.Next(2, 6));

    /// <summary>Runs one on a machine of a certain size.</summary>
    /// <param name="random">Decides all else.</param>
    /// <param name="hangs">Most hangs.</param>
    /// <param name="cores">Cores.</param>
    /// <returns>Hash of what happened, and how much that was.</returns>
    internal static (ulong Hash, long Events) Run(Random random, int hangs, int cores)
    {
        string workload = ((string[])["ring messages=100", "matrix messages=50", "doorbell messages=20", "none"])[random.Next(4)];
        uint deadline = (uint)random.Next(1, 40);
        string line = $"workload={workload} end=never idle.turns={random.Next(20)} hang.deadline={deadline} kills={random.Next(1, 3)} seed={random.Next(1000)}";
        using var machine = new SimulatedMultikernel(cores, random, line, x2Apic: random.Next(2) == 0);
        new HangRun(machine, random, deadline, random.Next(1, hangs + 1)).Play();
        return (machine.EventHash, machine.Events);
    }

    private void Play()
    {
        _machine.RunUntil(() => _machine.Now > _calmAt && _machine.IsQuiet && EverybodyLives());
        AssertTheRightWereFenced();
        Assert.All(_machine.Members, member => Assert.Equal(0ul, WorkStatus.Of(ref member.State->Map.Status).Errors));
        MachineAccounts.AssertNothingIsLost(_machine);
    }

    private bool EverybodyLives()
    {
        for (int core = 0; core < _machine.Members.Count; core++)
        {
            if (_machine.Coordinator.Instances[core].Lifecycle != InstanceLifecycle.Healthy || !_machine.Members[core].IsAlive)
            {
                return false;
            }
        }

        return true;
    }

    // One that starts has a deadline of its own: what happens when that is missed is for the tests of the start to show.
    private void Break(SimulatedMember member)
    {
        if (_left == 0 || _machine.Now > _calmAt || _random.Next(_rarity) != 0
            || LifeWord.State(member.State->Map.Status.Life) != InstanceLifecycle.Healthy
            || _machine.Coordinator.Instances[(int)member.Number].Lifecycle != InstanceLifecycle.Healthy)
        {
            return;
        }

        _left--;
        switch (_random.Next(3))
        {
            case 0:
                Note(member, Forever);
                member.HangUntil(Forever);
                break;
            case 1:
                Note(member, Forever);
                member.HangAfter(_random.Next(1, 8));
                break;
            default:
                ulong time = _machine.Now + (ulong)_random.NextInt64(1, (long)(2 * _deadlineMilliseconds * NanosecondsPerMillisecond));
                Note(member, time);
                member.HangUntil(time);
                break;
        }
    }

    // How long it takes no turn in all: longer than the deadline, and it may be fenced.
    private void Note(SimulatedMember member, ulong until)
    {
        (uint, ulong) life = (member.Number, member.State->Incarnation);
        ulong length = until == Forever ? Forever : until - _machine.Now;
        _hangs[life] = ulong.Max(length, _hangs.GetValueOrDefault(life));
    }

    private void AssertTheRightWereFenced()
    {
        List<(uint, ulong)> told =
        [
            .. _machine.Lines.Where(line => line.StartsWith("@hang ", StringComparison.Ordinal)).Select(line => line.Split(' ', '='))
                .Select(words => (uint.Parse(words[2], CultureInfo.InvariantCulture), ulong.Parse(words[4], CultureInfo.InvariantCulture))),
        ];
        Assert.Equal(told.Distinct().Count(), told.Count);
        foreach ((uint, ulong) life in told)
        {
            Assert.True(_hangs.TryGetValue(life, out ulong length), $"{life} was fenced and never hung");
            Assert.True(length >= _deadlineMilliseconds * NanosecondsPerMillisecond, $"{life} was fenced, and would have answered after {length} ns");
        }
    }
}
