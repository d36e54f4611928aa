using Atoll.Abi;
using Atoll.Instance;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A machine whose programs give each other capabilities and revoke them, while cores die and come back; then all calms down, and what is left must fit together.</summary>
/// <remarks>
/// First phase: anything happens. Frames come over a channel in the order in which they were given; at every answer to a revoke nobody may hold what was revoked; at every new
/// life of a core nobody may hold anything of the old one (<see cref="RemoteInvariants"/>). Second phase: nobody does anything new, and within bounded time every revoke is answered and
/// every record is settled. Then home and holders must agree, every signal must arrive, and when all is given up every place must be free (<see cref="RemoteAgreement"/>).
/// </remarks>
public sealed unsafe class RemoteRun
{
    private const int QuietStepsMaxOfCore = 10_000;
    private const int LooksMaxOfCore = 1_000_000;
    private const int TurnsMaxOfCore = 100_000;

    private readonly SimulatedMultikernel _machine;
    private readonly RemoteWorld _world;
    private readonly RemotePrograms[] _programs;
    private readonly ProgramActs[] _acts;
    private readonly Random _random;
    private readonly RemoteCores _cores;
    private readonly RemoteFaults _faults;
    private readonly RemoteInvariants _invariants;
    private readonly RemoteAgreement _agreement;
    private readonly Confinement _confinement;
    private readonly GrantOrder _order;
    private readonly CallLedger _calls = new();
    private int _steps;
    private int _turns;
    private int _quietSteps;

    private RemoteRun(SimulatedMultikernel machine, Random random, int steps, RemoteWorld world, bool hasDeaths)
    {
        int cores = machine.Members.Count;
        _machine = machine;
        _world = world;
        _random = random;
        _steps = steps;
        _programs = [.. machine.Members.Select(member => new RemotePrograms(member, cores, world.Ends))];
        _acts = [.. _programs.Select(programs => new ProgramActs(programs, world))];
        HostileKernel? hostile = world.HasHostile ? new HostileKernel(machine.Members[random.Next(1, cores)], random, _programs) : null;
        _cores = new RemoteCores(machine, _programs, hostile, hasDeaths);
        _faults = new RemoteFaults(_cores, world, random);
        Array.ForEach(_acts, acts => acts.Slowing = _faults.Stall);
        _invariants = new RemoteInvariants(_cores);
        _agreement = new RemoteAgreement(_cores, _calls);
        _confinement = new Confinement(_cores.IsHostile);
        _calls.IsReachable = _cores.AreLinked;
        _calls.IsUnheard = core => _cores.IsHostile(core) || !_programs[core].Member.IsAlive;
        _order = new GrantOrder(_cores.IsHostile);
        foreach (RemotePrograms programs in _programs)
        {
            programs.Order = _order;
            programs.Revoked = _invariants.AssertNobodyHolds;
            programs.IsHeld = (caller, home, number) => IsExported(home, number, caller.Member.Number);
            programs.Calls.Ledger = _calls;
            programs.Calls.IsHostile = _cores.IsHostile;
            programs.Calls.MayAsk = () => _confinement.Had(programs, programs.Controlled.Address, CapabilityRights.Write);
            programs.Calls.MaySend = index => _confinement.Had(programs, (ulong)programs.EndpointOf(index), CapabilityRights.Write);
        }

        machine.TicksMax = 100_000_000_000_000;
        machine.LooksMax = (long)LooksMaxOfCore * cores;
        machine.Beginning = Begin;
        machine.Turning = Watch;
        machine.Programs = Step;
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
        (int cores, int kills) = RemoteWorld.DrawSize(random);
        _ = Run(random, steps, cores, kills);
    }

    /// <summary>Runs one on a machine of a certain size.</summary>
    /// <param name="random">Decides all else.</param>
    /// <param name="steps">Things that programs do.</param>
    /// <param name="cores">Cores.</param>
    /// <param name="kills">Members that die; with none, one of them may be hostile instead.</param>
    /// <param name="killsFirst">Whether the first core's kernel dies in any case, as soon as it has a deputy.</param>
    /// <returns>Hash of what happened, and how much that was.</returns>
    internal static (ulong Hash, long Events) Run(Random random, int steps, int cores, int kills, bool killsFirst = false)
    {
        using var machine = new ChannelMachine(random, cores, kills);
        var world = RemoteWorld.Draw(random, cores, hasDeaths: kills != 0, killsFirst);
        var run = new RemoteRun(machine.Multikernel, random, steps, world, hasDeaths: kills != 0);
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
        _cores.ForEachLiving(programs => { programs.Calls.IsQuiet = true; programs.GoOn(); });
        Settle();

        // Who was woken last has not run since.
        _cores.ForEachLiving(programs => programs.GoOn());
        _agreement.AssertCallsEnded();
        _invariants.AssertHomesKnow();
        _agreement.AssertAgree();
        if (_world.IsPeaceful)
        {
            _agreement.AssertAllCame(_order);
        }

        _cores.ForEachLiving(RemoteAgreement.ClearSignals);
        _cores.ForEachLiving(programs => programs.SignalAll());
        Settle();
        _agreement.AssertEverySignalCame();
        if (_cores.Hostile is { Member.IsAlive: true } hostile)
        {
            _cores.ForEachLiving(RemoteAgreement.ClearSignals);
            hostile.Member.Run(hostile.SignalAll);
            Settle();
            _agreement.AssertNoSignalIsForged(hostile.Member.Number);
        }

        AskAll();
        _cores.ForEachLiving(programs => programs.GiveUpAll());
        Settle();
        _agreement.AssertAllRoomIsBack();
    }

    // Whoever holds a thread asks it, and it is done.
    private void AskAll()
    {
        _cores.ForEachLiving(programs => programs.AskAll());
        Settle();
        _cores.ForEachLiving(programs => programs.GoOn());
        _agreement.AssertThreadsWereAsked();
        _agreement.AssertCallsEnded();
    }

    private bool IsExported(uint home, uint number, uint holder)
    {
        SimulatedMember member = _programs[home].Member;
        if (_cores.IsHostile(home) || !member.IsAlive || member.Activity == Activity.Starting || number >= _programs[home].Remote.Exports.Used)
        {
            return true;
        }

        ref CrossingEntry entry = ref _programs[home].Remote.Exports[number];
        return entry.Peer != holder || entry.State is CrossingState.None or CrossingState.Held;
    }

    private void Begin(SimulatedMember member)
    {
        _faults.Begin(member.Number);
        _invariants.AssertNothingIsLeftOf(member.Number);
        _programs[member.Number].Begin();
        _programs[member.Number].Channels.OpenQuietly(_programs.Select(other => other.Member.Number).Where(other => _world.AreNeighbours(member.Number, other)));
        if (member.Number != InstanceState.CoordinatorCore)
        {
            // No instance of a simulated machine has a grant: what the coordinator would say of it is put where it would be.
            member.State->CoordinatorOffer.Grant = RemotePrograms.GrantOf(InstanceState.CoordinatorCore);
        }
    }

    private void Watch(SimulatedMember member)
    {
        Assert.True(++_turns < TurnsMaxOfCore * _cores.Count, $"it does not calm down: {_steps} steps are left; {_cores.Describe()}");
        _faults.AssertOnlyKilledPanic();
        TellGrants(member);
        TellGrants(_machine.Members[0]);
        _invariants.AssertMemoryIsLinked(member);
        if (_cores.Hostile is not null && !_cores.IsHostile(member.Number) && member.Activity != Activity.Starting)
        {
            RemoteInvariants.AssertIsHeldOnce(_programs[member.Number]);
            _confinement.Note(_programs[member.Number]);
            _confinement.AssertGivesWhatItHad(_programs[member.Number]);
        }
    }

    private static void TellGrants(SimulatedMember member)
    {
        for (uint position = 0; position < member.State->LinkCount; position++)
        {
            ref LinkEntry entry = ref member.State->Map.Link(position);
            entry.Grant = RemotePrograms.GrantOf(entry.Link.Peer);
        }
    }

    private void Settle()
    {
        _quietSteps = 0;
        _machine.RunUntil(() => (_steps == 0 || !_cores.Living().Any()) && AreSettled());
    }

    private void Step(SimulatedMember member)
    {
        RemotePrograms programs = _programs[member.Number];
        if (_steps == 0)
        {
            Assert.True(++_quietSteps < QuietStepsMaxOfCore * _programs.Length, $"nobody does anything new, and it does not calm down: {_cores.Describe()}");
            programs.GoOn();
            return;
        }

        if (_random.Next(4) == 0)
        {
            _steps--;
            _faults.Strike(member);
            _acts[member.Number].Step(_random);
            if (_cores.IsHostile(member.Number))
            {
                _cores.Hostile!.Step();
            }
        }
    }

    // Whoever died lives again, as long as there is somebody who starts cores.
    private bool AreSettled() => _machine.IsQuiet && (_cores.Living().Count() == _programs.Length || !_machine.Members[0].IsAlive) && _cores.Living().All(
        programs => !programs.Channels.Table.OwesAnything && !programs.Remote.HasWork && !programs.Remote.AwaitsRoom && programs.HasRevoked
            && !programs.Member.State->Kernel.Scheduler.HasForeignNews);
}
