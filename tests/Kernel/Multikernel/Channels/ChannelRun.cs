using Atoll.Abi;
using Atoll.Channels;
using Atoll.Coordinator;
using Atoll.Instance;

namespace Atoll.Kernel.Tests.Multikernel.Channels;

/// <summary>A machine whose programs open and leave channels while cores die and come back; then all calms down, and what is left must fit together.</summary>
/// <remarks>
/// First phase: anything happens, and only safety is asked for: no page is prepared for another use while a living kernel has it. Second phase: nobody does anything new, and within
/// bounded time everybody halts and owes nothing (liveness). Then both ends of every channel must agree, and every ring must be heard.
/// </remarks>
public sealed unsafe class ChannelRun
{
    private const int QuietStepsMax = 20_000;

    private readonly SimulatedMultikernel _machine;
    private readonly SimulatedPrograms[] _programs;
    private readonly Random _random;
    private readonly bool _killsFirst;
    private int _steps;
    private int _quietSteps;

    private ChannelRun(SimulatedMultikernel machine, Random random, int steps)
    {
        _machine = machine;
        _random = random;
        _steps = steps;
        _killsFirst = random.Next(4) == 0;
        _programs = [.. machine.Members.Select(member => new SimulatedPrograms(member, machine.Members.Count))];
        machine.TicksMax = 10_000_000_000_000;
        machine.Beginning = member => _programs[member.Number].Begin();
        machine.Programs = Step;
        machine.Preparing = AssertNobodyHas;
    }

    /// <summary>Runs seeds until one fails.</summary>
    /// <param name="seeds">How many.</param>
    /// <param name="steps">Things that programs do, in each.</param>
    /// <returns>null, or which seed failed and how.</returns>
    public static string? RunMany(int seeds, int steps) => SeedSearch.Run(seeds, random => Run(random, steps));

    /// <summary>Runs one.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="steps">Things that programs do.</param>
    public static void Run(Random random, int steps)
    {
        (int cores, int kills) = ChannelMachine.Draw(random);
        _ = Run(random, steps, cores, kills);
    }

    /// <summary>Runs one on a machine of a certain size.</summary>
    /// <param name="random">Decides all else.</param>
    /// <param name="steps">Things that programs do.</param>
    /// <param name="cores">Cores.</param>
    /// <param name="kills">Members that die.</param>
    /// <returns>Hash of what happened, and how much that was.</returns>
    internal static (ulong Hash, long Events) Run(Random random, int steps, int cores, int kills)
    {
        using var machine = new ChannelMachine(random, cores, kills);
        var run = new ChannelRun(machine.Multikernel, random, steps);
        try
        {
            run.Play();
            return (machine.Multikernel.EventHash, machine.Multikernel.Events);
        }
        finally
        {
            Array.ForEach(run._programs, programs => programs.Dispose());
        }
    }

    private void Play()
    {
        Settle();
        AssertEndsAgree();
        if (HasMaker)
        {
            AssertNothingIsLost();
        }

        foreach (SimulatedPrograms programs in Living())
        {
            programs.ForgetSignals();
        }

        foreach (SimulatedPrograms programs in Living())
        {
            foreach (SimulatedEnd end in programs.Ends)
            {
                programs.Member.Run(() => programs.Ring(end));
            }
        }

        Settle();
        AssertEveryRingWasHeard();
    }

    private void Settle()
    {
        _quietSteps = 0;

        // With the coordinator dead whoever else is dead stays so: in the end there may be nobody who does anything.
        _machine.RunUntil(() => (_steps == 0 || !Living().Any()) && AreSettled());
    }

    private void Step(SimulatedMember member)
    {
        if (_steps == 0)
        {
            Assert.True(++_quietSteps < QuietStepsMax * _programs.Length, "nobody does anything new, and it does not calm down");
            return;
        }

        if (_random.Next(4) == 0)
        {
            _steps--;
            if (_killsFirst && member.Number == InstanceState.CoordinatorCore && member.State->HasDeputy && _random.Next(60) == 0)
            {
                throw new Atoll.Arch.CheckFailedException();
            }

            _programs[member.Number].Step(_random);
        }
    }

    private bool AreSettled() => _machine.IsQuiet && Living().All(programs => !programs.Table.OwesAnything);

    private bool HasMaker => _programs[InstanceState.CoordinatorCore].Member.IsAlive;

    private IEnumerable<SimulatedPrograms> Living() => _programs.Where(programs => programs.Member.IsAlive);

    // Memory is prepared for another use only when no living kernel has it for a channel.
    private void AssertNobodyHas(ulong page)
    {
        foreach (SimulatedPrograms programs in Living())
        {
            for (uint number = 0; number < programs.Table.Used; number++)
            {
                Assert.False(
                    programs.Table[number].Frames.Has(page),
                    $"the coordinator writes to page {page:x}, which end {number} of core {programs.Member.Number} has");
            }
        }
    }

    private void AssertEndsAgree()
    {
        foreach (SimulatedPrograms programs in Living())
        {
            AssertOnlyPrograms(programs);
            programs.TakeReady();
            foreach (SimulatedEnd end in programs.Ends)
            {
                ref ChannelEntry entry = ref programs.Table[end.Number];
                string where = $"end {end.Number} of core {programs.Member.Number}, channel {entry.Epoch}";
                switch (entry.State)
                {
                    case ChannelState.Open:
                        AssertOther(programs, in entry, where);
                        break;
                    case ChannelState.Asking:
                        AssertWaits(programs, end, in entry, where);
                        break;
                    default:
                        Assert.True(entry.State is ChannelState.PeerDied or ChannelState.Unavailable, $"{where} is {entry.State}");
                        Assert.True(end.HasHeard, $"the program of {where} has not heard that it is {entry.State}");
                        break;
                }
            }
        }
    }

    // An entry that no program has any more is free again once all are told.
    private static void AssertOnlyPrograms(SimulatedPrograms programs)
    {
        for (uint number = 0; number < programs.Table.Used; number++)
        {
            bool isHad = programs.Ends.Any(end => end.Number == number);
            ChannelState state = programs.Table[number].State;
            Assert.True(isHad == (state != ChannelState.None), $"entry {number} of core {programs.Member.Number} is {state}");
        }
    }

    private void AssertOther(SimulatedPrograms programs, ref readonly ChannelEntry entry, string where)
    {
        SimulatedPrograms peer = _programs[entry.Peer];
        Assert.True(peer.Member.IsAlive, $"{where} is open, and core {entry.Peer} is dead");
        ref ChannelEntry other = ref peer.Table[entry.PeerNumber];
        Assert.True(
            other.State == ChannelState.Open && other.Epoch == entry.Epoch && other.Peer == programs.Member.Number && other.Name == entry.Name
                && other.Frames.IsOtherEndOf(in entry.Frames),
            $"{where} is open, and its other end, {entry.PeerNumber} of core {entry.Peer}, is {other.State} with channel {other.Epoch}");
    }

    // Two ends that ask for each other would have met.
    private void AssertWaits(SimulatedPrograms programs, SimulatedEnd end, ref readonly ChannelEntry entry, string where)
    {
        Assert.True(HasMaker, $"{where} waits, and nobody makes channels any more");
        Assert.True(entry.Peer < _programs.Length, $"{where} waits for core {entry.Peer}, which the machine does not have");
        if (!_programs[entry.Peer].Member.IsAlive)
        {
            // It waits for the next life of that core.
            return;
        }

        ulong name = entry.Name;
        foreach (SimulatedEnd other in _programs[entry.Peer].Ends.Where(other => other != end))
        {
            ref ChannelEntry waits = ref _programs[entry.Peer].Table[other.Number];
            Assert.False(
                waits.State == ChannelState.Asking && waits.Peer == programs.Member.Number && waits.Name == name,
                $"{where} and end {other.Number} of core {entry.Peer} wait for each other");
        }
    }

    // Every frame is free, or in the block of an instance, or in two rings: of a link, or of a channel that a living kernel has.
    private void AssertNothingIsLost()
    {
        int records = CountRecords(out int made);
        int asking = Living().Sum(programs => programs.Ends.Count(end => programs.Table[end.Number].State == ChannelState.Asking));
        HashSet<ulong> held = [];
        foreach (SimulatedPrograms programs in Living())
        {
            foreach (SimulatedEnd end in programs.Ends.Where(end => programs.Table[end.Number].Frames.Exist))
            {
                held.Add(programs.Table[end.Number].Epoch);
            }
        }

        Assert.Equal(held.Count, made);
        Assert.Equal(made + asking, records);
        ref CoordinatorState coordinator = ref _machine.Coordinator;
        ulong used = coordinator.Instances[0].Plan.PageCount + (2 * (ulong)(_machine.LinkRecordCount + made));
        for (int core = 1; core < _programs.Length; core++)
        {
            used += coordinator.Instances[core].Plan.PageCount + 2;
        }

        Assert.Equal(_machine.PoolFrames, coordinator.Pool.FreeFrames + used);
        AssertTheDeputyLives(coordinator.Deputy);
    }

    // Also when all members had died before one came back.
    private void AssertTheDeputyLives(uint deputy)
    {
        SimulatedMember first = _programs[InstanceState.CoordinatorCore].Member;
        bool hasMember = Living().Any(programs => programs.Member != first);
        bool hasDeputy = first.State->HasDeputy && deputy != first.Number && _programs[deputy].Member.IsAlive;
        Assert.True(hasDeputy == hasMember, $"core {deputy} is said to be the deputy");
    }

    private int CountRecords(out int made)
    {
        int records = 0;
        made = 0;
        ref ChannelRegistry registry = ref _machine.Coordinator.Channels;
        for (uint index = 0; index < registry.Used; index++)
        {
            records += registry[index].Stage == ChannelStage.Free ? 0 : 1;
            made += registry[index].Stage == ChannelStage.Made ? 1 : 0;
        }

        return records;
    }

    private void AssertEveryRingWasHeard()
    {
        foreach (SimulatedPrograms programs in Living())
        {
            programs.TakeReady();
            foreach (SimulatedEnd end in programs.Ends.Where(end => programs.Table[end.Number].State == ChannelState.Open))
            {
                Assert.True(end.HasHeardRing, $"end {end.Number} of core {programs.Member.Number} was rung, and heard nothing");
            }
        }
    }
}
