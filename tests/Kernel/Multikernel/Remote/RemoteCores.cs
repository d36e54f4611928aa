using Atoll.Links;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>The cores of a simulated machine with their programs, as all see them who compare what these say of each other.</summary>
internal sealed unsafe class RemoteCores(SimulatedMultikernel machine, RemotePrograms[] programs, HostileKernel? hostile, bool hasDeaths)
{
    /// <summary>The machine.</summary>
    public SimulatedMultikernel Machine => machine;

    /// <summary>How many there are.</summary>
    public int Count => programs.Length;

    /// <summary>The kernel that says anything; null: there is none.</summary>
    public HostileKernel? Hostile => hostile;

    /// <summary>Whether cores may die.</summary>
    public bool HasDeaths => hasDeaths;

    /// <summary>The programs of a core.</summary>
    public RemotePrograms this[uint core] => programs[core];

    /// <summary>Cores that live.</summary>
    public IEnumerable<RemotePrograms> Living() => programs.Where(one => one.Member.IsAlive);

    /// <summary>Those of them whose kernel keeps to the rules.</summary>
    public IEnumerable<RemotePrograms> Honest() => Living().Where(one => !IsHostile(one.Member.Number));

    /// <summary>Whether a core's kernel says anything.</summary>
    public bool IsHostile(uint core) => hostile?.Member.Number == core;

    /// <summary>Runs something on each that lives.</summary>
    public void ForEachLiving(Action<RemotePrograms> what)
    {
        foreach (RemotePrograms one in Living().ToArray())
        {
            one.Member.Run(() => what(one));
        }
    }

    /// <summary>Whether two cores have a link; else each is dead for the other.</summary>
    public bool AreLinked(uint one, uint other) => IsLinkedTo(one, other) && IsLinkedTo(other, one);

    /// <summary>What is under way, for whoever reads a failure.</summary>
    public string Describe() => (hostile is null ? "" : $"core {hostile.Member.Number} is hostile; ") + string.Join(
        "; ",
        programs.Select(one => one.Member.IsAlive
            ? $"core {one.Member.Number} {RemoteDescription.Of(one)}"
            : $"core {one.Member.Number} is dead, for the coordinator {machine.Coordinator.Instances[(int)one.Member.Number].Lifecycle}, "
                + $"mentioned {machine.Coordinator.Links.Mentions(one.Member.Number)}"));

    private bool IsLinkedTo(uint from, uint to)
    {
        SimulatedMember member = programs[from].Member;
        return member.IsAlive && member.Activity != Activity.Starting && LinkTable.Find(in member.State->Map, to) != LinkTable.None && !programs[from].Remote.Lost.Has(to);
    }
}
