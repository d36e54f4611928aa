using System.Globalization;
using System.Runtime.InteropServices;
using Atoll.Channels;
using Atoll.Instance;
using Atoll.Kernel.Tests.Multikernel.Channels;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>How many turns of its event loop a member takes for the same work, whatever the number of the others.</summary>
/// <remarks>
/// Members work in pairs: each pair opens a channel, which takes a link and the coordinator, and then its ends ring each other in turn, each when it has heard the other. A ring is one
/// turn where it is heard; all beyond that is wasted. The coordinator's turns are what is serialised.
/// </remarks>
public sealed unsafe class EfficiencyRun
{
    private const ulong Name = 1;
    private const int Rings = 20;

    private readonly SimulatedMultikernel _machine;
    private readonly SimulatedPrograms[] _programs;
    private readonly int[] _rung;
    private readonly bool[] _hasAsked;
    private bool _mayOpen;
    private bool _mayRing;

    private EfficiencyRun(SimulatedMultikernel machine, void* records)
    {
        int cores = machine.Members.Count;
        _machine = machine;
        _rung = new int[cores];
        _hasAsked = new bool[cores];
        _programs = [.. machine.Members.Select(member => new SimulatedPrograms(member, cores))];
        machine.TicksMax = ulong.MaxValue;
        machine.Beginning = member => _programs[member.Number].Begin();
        machine.Programs = Step;
        machine.Coordinator.Channels.Begin((ulong)records, (uint)cores, SimulatedPrograms.EndsMax);
    }

    /// <summary>What the work took, in turns of event loops.</summary>
    /// <param name="Opening">Of a member, for its end of a channel.</param>
    /// <param name="Ring">Of a member, for a ring that it hears.</param>
    /// <param name="CoordinatorOpening">Of the coordinator, for an end.</param>
    /// <param name="CoordinatorRing">Of the coordinator, for a ring.</param>
    internal readonly record struct Turns(double Opening, double Ring, double CoordinatorOpening, double CoordinatorRing);

    /// <summary>Measures.</summary>
    /// <param name="members">Members: an even number. The coordinator comes on top.</param>
    internal static Turns Measure(int members)
    {
        int cores = members + 1;
        void* records = NativeMemory.AllocZeroed((nuint)ChannelRegistryBytes(cores));
        using var machine = new SimulatedMultikernel(cores, new Random(1), "workload=none end=never idle.turns=0", x2Apic: cores > byte.MaxValue);
        var run = new EfficiencyRun(machine, records);
        try
        {
            return run.Play(members);
        }
        finally
        {
            NativeMemory.Free(records);
            Array.ForEach(run._programs, programs => programs.Dispose());
        }
    }

    /// <summary>Measures, and compares with two members.</summary>
    /// <returns>A line of JSON.</returns>
    public static string Compare(int members)
    {
        Turns two = Measure(2);
        Turns many = Measure(members);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"efficiency\":{Efficiency(two, many):0.000},\"members\":{members},\"turns.ring\":{many.Ring:0.00},\"turns.opening\":{many.Opening:0.0},\"coordinator.turns.ring\":{many.CoordinatorRing:0.000},\"coordinator.turns.opening\":{many.CoordinatorOpening:0.0}}}");
    }

    /// <summary>Turns that a ring takes with two members, as a share of what it takes with many.</summary>
    internal static double Efficiency(Turns two, Turns many) => two.Ring / many.Ring;

    private static ulong ChannelRegistryBytes(int cores) => Atoll.Coordinator.ChannelRegistry.BytesFor((uint)cores, SimulatedPrograms.EndsMax);

    private Turns Play(int members)
    {
        _machine.RunUntil(() => _machine.IsQuiet && _machine.Members.All(member => member.IsAlive));
        ulong[] booted = Heartbeats();
        _mayOpen = true;
        _machine.RunUntil(() => _machine.IsQuiet && _programs.Skip(1).All(IsOpen));
        ulong[] opened = Heartbeats();
        _mayRing = true;
        _machine.RunUntil(() => _machine.IsQuiet && _rung.Skip(1).All(count => count == Rings));
        ulong[] rung = Heartbeats();
        double rings = (double)members * Rings;
        return new Turns(
            Sum(opened, booted) / members, Sum(rung, opened) / rings, (opened[0] - booted[0]) / (double)members, (rung[0] - opened[0]) / rings);
    }

    private static double Sum(ulong[] after, ulong[] before) => after.Zip(before, (one, other) => (double)(one - other)).Skip(1).Sum();

    private ulong[] Heartbeats() => [.. _machine.Members.Select(member => member.State->Map.Status.Heartbeat)];

    private static bool IsOpen(SimulatedPrograms programs) =>
        programs.Ends.Count == 1 && programs.Table[programs.Ends[0].Number].State == Atoll.Abi.ChannelState.Open && !programs.Table.OwesAnything;

    // Cores 1 and 2 are a pair, 3 and 4, and so on; the first of a pair begins.
    private void Step(SimulatedMember member)
    {
        uint core = member.Number;
        SimulatedPrograms programs = _programs[core];
        if (core == InstanceState.CoordinatorCore || !_mayOpen)
        {
            return;
        }

        bool isFirst = core % 2 == 1;
        if (!_hasAsked[core])
        {
            _hasAsked[core] = true;
            programs.Open(isFirst ? core + 1 : core - 1, Name);
            return;
        }

        if (!_mayRing || _rung[core] == Rings)
        {
            return;
        }

        SimulatedEnd end = programs.Ends[0];
        if (isFirst && _rung[core] == 0)
        {
            end.Notification->Pending = 0;
            Ring(programs, end);
        }
        else if (_rung[core] < (isFirst ? _rung[core + 1] + 1 : _rung[core - 1]) && end.Notification->Pending != 0)
        {
            end.Notification->Pending = 0;
            Ring(programs, end);
        }
    }

    private void Ring(SimulatedPrograms programs, SimulatedEnd end)
    {
        _rung[programs.Member.Number]++;
        programs.Ring(end);
    }
}
