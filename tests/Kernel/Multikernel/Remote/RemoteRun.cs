using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Kernel.Tests.Multikernel.Channels;
using Atoll.Links;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>A machine whose programs give each other capabilities and revoke them, while cores die and come back; then all calms down, and what is left must fit together.</summary>
/// <remarks>
/// First phase: anything happens. Frames come over a channel in the order in which they were given; at every answer to a revoke nobody may hold what was revoked; at every new
/// life of a core nobody may hold anything of the old one. Second phase: nobody does anything new, and within bounded time every revoke is answered and every record is settled.
/// Then home and holders must agree, every signal must arrive, and when all is given up no record may be left.
/// </remarks>
public sealed unsafe class RemoteRun
{
    private const int QuietStepsMaxOfCore = 10_000;
    private const int DeathEvery = 60;
    private const int StallMax = 300_000;
    private const int LooksMaxOfCore = 1_000_000;
    private const int TurnsMaxOfCore = 100_000;

    private readonly SimulatedMultikernel _machine;
    private readonly RemotePrograms[] _programs;
    private readonly Random _random;
    private readonly bool _killsFirst;
    private readonly bool _hasDeaths;
    private readonly HostileKernel? _hostile;
    private readonly CallLedger _calls = new();
    private readonly HashSet<uint> _killed = [];
    private int _steps;
    private int _turns;
    private int _quietSteps;

    private RemoteRun(SimulatedMultikernel machine, Random random, int steps, bool hasDeaths, bool hasHostile, bool killsFirst)
    {
        int cores = machine.Members.Count;
        _machine = machine;
        _random = random;
        _steps = steps;
        _killsFirst = random.Next(4) == 0 || killsFirst;
        _hasDeaths = hasDeaths;
        _hostile = hasHostile ? new HostileKernel(machine.Members[random.Next(1, cores)], random, cores) : null;
        _programs = [.. machine.Members.Select(member => new RemotePrograms(member, cores) { Revoked = AssertNobodyHolds })];
        GrantOrder? order = hasHostile ? null : new GrantOrder();
        Array.ForEach(_programs, programs => programs.Order = order);
        _calls.IsReachable = AreLinked;
        _calls.IsUnheard = core => IsHostile(core) || !_programs[core].Member.IsAlive;
        foreach (RemotePrograms programs in _programs)
        {
            programs.IsHeld = (caller, home, number) => IsExported(home, number, caller.Member.Number);
            programs.Calls.Ledger = _calls;
            programs.Calls.IsHostile = IsHostile;
        }

        machine.TicksMax = 100_000_000_000_000;
        machine.LooksMax = (long)LooksMaxOfCore * cores;
        machine.Beginning = Begin;
        machine.Turning = member =>
        {
            Assert.True(++_turns < TurnsMaxOfCore * cores, $"it does not calm down: {_steps} steps are left; {Unsettled()}");
            AssertOnlyKilledPanic();
            TellGrants(member);
            TellGrants(machine.Members[0]);
            AssertMemoryIsLinked(member);
        };
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
        (int cores, int kills) = ChannelMachine.Draw(random);
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
        bool hasHostile = kills == 0 && cores > 2 && random.Next(2) == 0;
        var run = new RemoteRun(machine.Multikernel, random, steps, hasDeaths: kills != 0, hasHostile, killsFirst);
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
        ForEachLiving(programs => { programs.Calls.IsQuiet = true; programs.GoOn(); });
        Settle();

        // Who was woken last has not run since.
        ForEachLiving(programs => programs.GoOn());
        AssertCallsEnded();
        AssertHomesKnow();
        AssertAgree();
        ForEachLiving(programs => ClearSignals(programs));
        ForEachLiving(programs => programs.SignalAll());
        Settle();
        AssertEverySignalCame();
        if (_hostile is { Member.IsAlive: true })
        {
            ForEachLiving(programs => ClearSignals(programs));
            _hostile.Member.Run(() => _hostile.SignalAll());
            Settle();
            AssertNoSignalIsForged(_hostile.Member.Number);
        }

        ForEachLiving(programs => programs.GiveUpAll());
        Settle();
        foreach (RemotePrograms programs in Honest())
        {
            Assert.True(
                programs.Remote.Exports.Count == 0 && programs.Remote.Imports.Count == 0,
                $"all is given up, and core {programs.Member.Number} keeps records: {programs.Describe()}");
        }
    }

    // Every call has one outcome, and of none a record is left.
    private void AssertCallsEnded()
    {
        _calls.AssertSentWasReceived();
        foreach (RemotePrograms programs in Honest())
        {
            programs.Calls.AssertEnded();
            Assert.True(
                programs.Calls.HasEnded, $"servers answer all, and a call of core {programs.Member.Number} has no outcome: {programs.Describe()}");
            Assert.True(
                programs.Remote.Callers.Taken == 0 && !HasCalls(programs),
                $"no call is under way, and core {programs.Member.Number} keeps records {programs.Remote.Calls.Taken:x} of calls and {programs.Remote.Callers.Taken:x} of callers");
        }
    }

    private bool HasCalls(RemotePrograms programs)
    {
        bool has = false;
        for (ulong left = programs.Remote.Calls.Taken; left != 0;)
        {
            has |= !IsHostile(programs.Remote.Calls[CallTable<AwaitedCall>.Next(ref left)].Peer);
        }

        return has;
    }

    private bool IsExported(uint home, uint number, uint holder)
    {
        SimulatedMember member = _programs[home].Member;
        if (IsHostile(home) || !member.IsAlive || member.Activity == Activity.Starting || number >= _programs[home].Remote.Exports.Used)
        {
            return true;
        }

        ref CrossingEntry entry = ref _programs[home].Remote.Exports[number];
        return entry.Peer != holder || entry.State is CrossingState.None or CrossingState.Held;
    }

    private void ForEachLiving(Action<RemotePrograms> what)
    {
        foreach (RemotePrograms programs in Living().ToArray())
        {
            programs.Member.Run(() => what(programs));
        }
    }

    // A failed check of the kernel's own would pass for a death that was meant.
    private void AssertOnlyKilledPanic()
    {
        foreach (SimulatedMember member in _machine.Members)
        {
            Assert.True(_hasDeaths || member.Activity != Activity.Parked || _killed.Contains(member.Number), $"core {member.Number} panicked, and nobody killed it");
        }
    }

    private void Begin(SimulatedMember member)
    {
        _ = _killed.Remove(member.Number);
        AssertNothingIsLeftOf(member.Number);
        _programs[member.Number].Begin();
        if (member.Number != InstanceState.CoordinatorCore)
        {
            // No instance of a simulated machine has a grant: what the coordinator would say of it is put where it would be.
            member.State->CoordinatorOffer.Grant = RemotePrograms.GrantOf(InstanceState.CoordinatorCore);
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
        _machine.RunUntil(() => (_steps == 0 || !Living().Any()) && AreSettled());
    }

    private void Step(SimulatedMember member)
    {
        RemotePrograms programs = _programs[member.Number];
        if (_steps == 0)
        {
            Assert.True(++_quietSteps < QuietStepsMaxOfCore * _programs.Length, $"nobody does anything new, and it does not calm down: {Unsettled()}");
            programs.GoOn();
            return;
        }

        if (_random.Next(4) == 0)
        {
            _steps--;
            if (_random.Next(40) == 0)
            {
                // A kernel that is slow: the rings to it fill.
                _machine.Members[_random.Next(1, _programs.Length)].HangUntil(_machine.Now + (ulong)_random.Next(StallMax));
            }

            // One that dies while it is started is given up: another matter.
            bool isUp = _machine.Coordinator.Instances[(int)member.Number].Lifecycle == InstanceLifecycle.Healthy;
            // The first core's kernel ends the machine when no other could take its console over (InstancePanic).
            bool mayDie = member.Number == InstanceState.CoordinatorCore ? _killsFirst && member.State->HasDeputy : _hasDeaths && isUp;
            if (mayDie && _random.Next(DeathEvery) == 0)
            {
                _ = _killed.Add(member.Number);
                throw new Atoll.Arch.CheckFailedException();
            }

            programs.Step(_random);
            if (_hostile is not null && _hostile.Member == member)
            {
                _hostile.Step();
            }
        }
    }

    // Whoever died lives again, as long as there is somebody who starts cores.
    private bool AreSettled() => _machine.IsQuiet && (Living().Count() == _programs.Length || !_machine.Members[0].IsAlive) && Living().All(
        programs => !programs.Channels.Table.OwesAnything && !programs.Remote.HasWork && !programs.Remote.AwaitsRoom && programs.HasRevoked
            && !programs.Member.State->Kernel.Scheduler.HasForeignNews);

    private string Unsettled() => string.Join(
        "; ",
        _programs.Select(programs => programs.Member.IsAlive
            ? $"core {programs.Member.Number} {programs.Describe()}"
            : $"core {programs.Member.Number} is dead, for the coordinator {_machine.Coordinator.Instances[(int)programs.Member.Number].Lifecycle}, "
                + $"mentioned {_machine.Coordinator.Links.Mentions(programs.Member.Number)}"));

    private IEnumerable<RemotePrograms> Living() => _programs.Where(programs => programs.Member.IsAlive);

    private IEnumerable<RemotePrograms> Honest() => Living().Where(programs => !IsHostile(programs.Member.Number));

    private bool IsHostile(uint core) => _hostile?.Member.Number == core;

    // Invariant 1: after a revoke has answered nobody can use it.
    private void AssertNobodyHolds(RemotePrograms home, uint index)
    {
        AssertHomesKnow();
        if (index >= RemotePrograms.Owned || index % 2 != 0)
        {
            return;
        }

        if (IsHostile(home.Member.Number))
        {
            return;
        }

        ulong frame = home.FrameOf(index);
        foreach (RemotePrograms programs in Honest())
        {
            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Imports[number];
                Assert.False(
                    entry.State != CrossingState.None && entry.Slot.Type == CapabilityType.Frame && entry.Slot.Object == frame,
                    $"core {home.Member.Number} was told that frame {index} is revoked; core {programs.Member.Number} has it in import {number}, {entry.State}");
            }
        }
    }

    // Invariants 1 to 3 where a holder has given on: whoever has it, its home says so; and while it may be used by somebody's giving, the giver has not been told otherwise.
    private void AssertHomesKnow()
    {
        foreach (RemotePrograms programs in Living().Where(programs => programs.Member.Activity != Activity.Starting))
        {
            programs.AssertTreeIsSound();
        }

        foreach (RemotePrograms programs in Honest())
        {
            uint core = programs.Member.Number;
            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                ref CrossingEntry import = ref programs.Remote.Imports[number];
                if (import.State == CrossingState.None || import.Slot.Type != CapabilityType.Frame || !AreLinked(core, import.Peer) || IsHostile(import.Peer))
                {
                    continue;
                }

                ref CrossingEntry export = ref _programs[import.Peer].Remote.Exports[import.HomeNumber];
                Assert.True(
                    export.State != CrossingState.None && export.Peer == core,
                    $"core {core} has import {number}, {import.State}; export {import.HomeNumber} of core {import.Peer} is {export.State}, of core {export.Peer}");
            }

            for (uint number = 0; number < programs.Remote.Exports.Used; number++)
            {
                AssertGiverKnows(programs, number);
            }
        }
    }

    private void AssertGiverKnows(RemotePrograms home, uint number)
    {
        uint core = home.Member.Number;
        ref CrossingEntry entry = ref home.Remote.Exports[number];
        bool isGone = !_hasDeaths && entry.Giver != InstanceState.CoordinatorCore && entry.Way == CrossingWay.Direct && entry.Notice != 0
            && entry.State == CrossingState.Revoking && entry.Slot.Type == CapabilityType.Frame;
        Assert.False(isGone, $"core {entry.Giver} was told that export {number} of core {core} is taken back, and core {entry.Peer} has it");
        if (entry.Way != CrossingWay.Passed || entry.State != CrossingState.Held || IsHostile(entry.Giver) || !AreLinked(core, entry.Giver))
        {
            return;
        }

        ref CrossingEntry given = ref _programs[entry.Giver].Remote.Exports[entry.HomeNumber];
        bool isRevokedByHome = given.State == CrossingState.Revoked && home.Remote.Exports[given.HomeNumber].State != CrossingState.Held;
        Assert.True(
            given.Way == CrossingWay.Giver && given.Peer == core && (given.State is CrossingState.Held or CrossingState.Revoking || isRevokedByHome),
            $"export {number} of core {core} is held by core {entry.Peer}, and its giver's record, {entry.HomeNumber} of core {entry.Giver}, is {given.State} at {given.Peer}");
    }

    private bool AreLinked(uint one, uint other) => IsLinkedTo(one, other) && IsLinkedTo(other, one);

    private bool IsLinkedTo(uint from, uint to)
    {
        SimulatedMember member = _programs[from].Member;
        return member.IsAlive && member.Activity != Activity.Starting && LinkTable.Find(in member.State->Map, to) != LinkTable.None && !_programs[from].Remote.Lost.Has(to);
    }

    // While anything of a peer is held its link is there, or the coordinator has not been told that it is gone.
    private void AssertMemoryIsLinked(SimulatedMember member)
    {
        ref RemoteState remote = ref _programs[member.Number].Remote;
        for (uint number = 0; member.Activity != Activity.Starting && number < remote.Imports.Used; number++)
        {
            uint peer = remote.Imports[number].Peer;
            bool isHeld = remote.Imports[number].State != CrossingState.None && peer != member.Number && peer != InstanceState.CoordinatorCore;
            Assert.True(!isHeld || IsLinkedOrHeldBack(member, peer), $"core {member.Number} holds something of core {peer}, and its link is gone for the coordinator");
        }
    }

    private static bool IsLinkedOrHeldBack(SimulatedMember member, uint peer)
    {
        for (uint position = 0; position < member.State->LinkCount; position++)
        {
            ref LinkEntry entry = ref member.State->Map.Link(position);
            if (entry.IsUsed && (entry.OwesRelease ? entry.ReleasedPeer == peer : entry.Link.Peer == peer))
            {
                return true;
            }
        }

        return false;
    }

    // Memory of the dead is used again only when nobody has it.
    private void AssertNothingIsLeftOf(uint core)
    {
        foreach (RemotePrograms programs in Living().Where(programs => programs.Member.Number != core))
        {
            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Imports[number];
                Assert.False(
                    entry.State != CrossingState.None && entry.Peer == core,
                    $"core {core} begins anew, and core {programs.Member.Number} has import {number} of its last life, {entry.State}");
            }

            for (uint number = 0; number < programs.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Exports[number];
                Assert.False(
                    entry.State is not (CrossingState.None or CrossingState.Gone) && entry.Peer == core,
                    $"core {core} begins anew, and core {programs.Member.Number} believes that its last life holds export {number}, {entry.State}");
                Assert.False(
                    entry.State != CrossingState.None && entry.Way == CrossingWay.Passed && entry.Giver == core,
                    $"core {core} begins anew, and core {programs.Member.Number} believes that its last life gave export {number}, {entry.State}");
            }
        }
    }

    // Invariants 2 and 3, and that nothing is left half done.
    // When all is quiet an end waits for nothing that will never come. A hostile kernel need not answer.
    private void AssertMayGive(RemotePrograms programs, uint number)
    {
        ref ChannelEntry end = ref programs.Channels.Table[number];
        if (end.State != ChannelState.Open || end.Passing == 0 || _hostile is not null)
        {
            return;
        }

        bool isOnItsWay = end.Passing <= programs.Remote.Exports.Used && programs.Remote.Exports[end.Passing - 1] is { State: CrossingState.Held, Way: CrossingWay.Giver } export
            && export.Channel == number && export.Epoch == end.Epoch;
        Assert.True(isOnItsWay, $"end {number} of core {programs.Member.Number} gives nothing more, for export {end.Passing - 1}: {programs.Describe()}");
    }

    private void AssertAgree()
    {
        foreach (RemotePrograms programs in Honest())
        {
            uint core = programs.Member.Number;
            Assert.True(programs.Remote.Unanswered == 0, $"core {core} had no room for {programs.Remote.Unanswered} offers");
            for (uint number = 0; number < programs.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref programs.Remote.Exports[number];
                if (entry.State == CrossingState.None || IsHostile(entry.Peer))
                {
                    continue;
                }

                Assert.True(entry.State == CrossingState.Held, $"export {number} of core {core} is {entry.State}");
                Assert.True(_programs[entry.Peer].Member.IsAlive, $"export {number} of core {core} is held by core {entry.Peer}, which is dead");
                if (entry.Way == CrossingWay.Giver)
                {
                    int given = CountPassed(_programs[entry.Peer], core, number);
                    Assert.True(given == 1, $"export {number} of core {core} is an object of core {entry.Peer}, which has recorded it {given} times");
                    continue;
                }

                int holders = CountImports(_programs[entry.Peer], core, number);
                Assert.True(holders == 1, $"export {number} of core {core} is held by core {entry.Peer}, which has it {holders} times");
            }

            for (uint number = 0; number < programs.Remote.Imports.Used; number++)
            {
                AssertHasHome(programs, number);
            }

            foreach (SimulatedEnd end in programs.Channels.Ends)
            {
                AssertMayGive(programs, end.Number);
            }

            AssertCreditsAgree(programs);
        }
    }

    private static int CountImports(RemotePrograms programs, uint home, uint homeNumber)
    {
        int count = 0;
        for (uint number = 0; number < programs.Remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref programs.Remote.Imports[number];
            count += entry.State is CrossingState.Held or CrossingState.Arrived && entry.Peer == home && entry.HomeNumber == homeNumber ? 1 : 0;
        }

        return count;
    }

    private static int CountPassed(RemotePrograms home, uint giver, uint giverNumber)
    {
        int count = 0;
        for (uint number = 0; number < home.Remote.Exports.Used; number++)
        {
            ref CrossingEntry entry = ref home.Remote.Exports[number];
            count += entry.State == CrossingState.Held && entry.Way == CrossingWay.Passed && entry.Giver == giver && entry.HomeNumber == giverNumber ? 1 : 0;
        }

        return count;
    }

    private void AssertHasHome(RemotePrograms programs, uint number)
    {
        ref CrossingEntry entry = ref programs.Remote.Imports[number];
        string where = $"import {number} of core {programs.Member.Number}";
        if (entry.State == CrossingState.None)
        {
            return;
        }

        Assert.True(entry.State is CrossingState.Held or CrossingState.Arrived, $"{where} is {entry.State}");
        Assert.True(entry.State != CrossingState.Held || entry.Slot.HasChildren, $"nobody has {where}");
        if (entry.Peer == programs.Member.Number)
        {
            return;
        }

        PeerGrant grant = RemotePrograms.GrantOf(entry.Peer);
        Assert.True(
            entry.Slot.Type != CapabilityType.Frame || (entry.Slot.Object >= grant.Base && entry.Slot.Object < grant.Base + grant.Bytes),
            $"{where} is a frame at {entry.Slot.Object:x}, which core {entry.Peer} was not granted");
        if (IsHostile(entry.Peer))
        {
            return;
        }

        Assert.True(_programs[entry.Peer].Member.IsAlive, $"{where} is of core {entry.Peer}, which is dead");
        ref CrossingEntry export = ref _programs[entry.Peer].Remote.Exports[entry.HomeNumber];
        Assert.True(
            export.State == CrossingState.Held && export.Peer == programs.Member.Number && export.Slot.Rights == entry.Slot.Rights,
            $"{where} is of export {entry.HomeNumber} of core {entry.Peer}, which is {export.State} and held by {export.Peer}");
    }

    // What was given and not taken waits at the other end.
    private void AssertCreditsAgree(RemotePrograms programs)
    {
        foreach (SimulatedEnd end in programs.Channels.Ends)
        {
            ref ChannelEntry entry = ref programs.Channels.Table[end.Number];
            if (entry.State == ChannelState.Open && !IsHostile(entry.Peer))
            {
                ref ChannelEntry other = ref _programs[entry.Peer].Channels.Table[entry.PeerNumber];
                Assert.True(
                    entry.Given == other.Arrived,
                    $"end {end.Number} of core {programs.Member.Number} has given {entry.Given}, and {other.Arrived} wait at the other end");
            }
        }
    }

    private static void ClearSignals(RemotePrograms programs)
    {
        for (uint index = 1; index < RemotePrograms.Owned; index += 4)
        {
            programs.NotificationOf(index)->Pending = 0;
        }
    }

    private void AssertEverySignalCame()
    {
        foreach (RemotePrograms home in Honest())
        {
            for (uint number = 0; number < home.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref home.Remote.Exports[number];
                bool isSignalled = entry.State == CrossingState.Held && !IsHostile(entry.Peer) && entry.Slot.Type == CapabilityType.Notification
                    && (entry.Slot.Rights & CapabilityRights.Write) != 0 && IsTaken(_programs[entry.Peer], home.Member.Number, number);
                Assert.True(
                    !isSignalled || (((Notification*)entry.Slot.Object)->Pending & RemotePrograms.Bit) != 0,
                    $"core {entry.Peer} has signalled export {number} of core {home.Member.Number}, which has heard nothing");
            }
        }
    }

    // Only what it holds with the right to signal can have been signalled.
    private void AssertNoSignalIsForged(uint hostile)
    {
        foreach (RemotePrograms home in Honest())
        {
            HashSet<ulong> may = [];
            for (uint number = 0; number < home.Remote.Exports.Used; number++)
            {
                ref CrossingEntry entry = ref home.Remote.Exports[number];
                if (entry.State == CrossingState.Held && entry.Peer == hostile && (entry.Slot.Rights & CapabilityRights.Write) != 0)
                {
                    may.Add(entry.Slot.Object);
                }
            }

            for (uint index = 1; index < RemotePrograms.Owned; index += 4)
            {
                Notification* notification = home.NotificationOf(index);
                Assert.True(
                    notification->Pending == 0 || may.Contains((ulong)notification),
                    $"core {hostile} has signalled notification {index} of core {home.Member.Number}, which it does not hold");
            }
        }
    }

    private static bool IsTaken(RemotePrograms programs, uint home, uint homeNumber)
    {
        for (uint number = 0; number < programs.Remote.Imports.Used; number++)
        {
            ref CrossingEntry entry = ref programs.Remote.Imports[number];
            if (entry.State == CrossingState.Held && entry.Peer == home && entry.HomeNumber == homeNumber)
            {
                return true;
            }
        }

        return false;
    }
}
