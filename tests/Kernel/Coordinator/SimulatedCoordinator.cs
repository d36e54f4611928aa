using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Kernel.Tests.Instance;
using Atoll.Kernel.Tests.Ipc;
using Atoll.Kernel.Tests.Machine;
using Atoll.Mm;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>
/// A coordinator with members that are played by hand: each has an open link, none a core of its own.
/// </summary>
internal sealed unsafe class SimulatedCoordinator : IDisposable
{
    /// <summary>Frames of the pool.</summary>
    public const ulong PoolFrames = 2048;

    private readonly HostPages _state = new(((int)CoordinatorPages<TrialProfile>.BytesFor(Atoll.Base.Limits.InstanceCountMax) / HostPages.PageBytes) + 1);

    /// <summary>Makes the coordinator of a machine with so many members, all Healthy in their first life.</summary>
    /// <param name="members">Members.</param>
    /// <param name="cores">Cores of the machine, if it has others besides.</param>
    public SimulatedCoordinator(int members, int cores = 0)
    {
        Instance = new SimulatedInstance(core: 0, new SimulatedCore { TscStep = 1000 });
        Instance.State.Role = InstanceRole.Coordinator;
        Instance.State.Map.CoordinatorPages = (Page*)_state.Start;
        Assert.Equal(FramePoolResult.Done, State.Pool.Give(0x100_0000, PoolFrames));
        for (uint core = 0; core <= int.Max(members, cores - 1); core++)
        {
            Assert.True(State.Cores.TryAdd(core));
        }

        CoordinatorPages<TrialProfile>.BeginTables(ref Instance.State, ref State);
        for (uint core = 0; core <= members; core++)
        {
            Become((int)core, MemberState.Healthy);
            State.Instances[(int)core].Incarnation = 1;
            State.Instances[(int)core].Plan.Base = 0x1000_0000 + (core * 0x10_0000ul);
        }

        Members = [.. Enumerable.Range(1, members).Select(core => Instance.Connect((uint)core - 1, (uint)core))];
    }

    /// <summary>The state of an instance, as the coordinator knows it, changes.</summary>
    public void Become(int core, MemberState state) => State.Instances[core].Row.Condition = MemberCondition.Of(state, MemberCause.None).Raw;

    /// <summary>The coordinator's instance.</summary>
    public SimulatedInstance Instance { get; }

    /// <summary>The coordinator's own state.</summary>
    public ref CoordinatorState State => ref *(CoordinatorState*)_state.Start;

    /// <summary>The members, from core 1.</summary>
    public RawPeer[] Members { get; }

    /// <summary>Frames in use.</summary>
    public ulong UsedFrames => PoolFrames - State.Pool.FreeFrames;

    /// <summary>Makes a link between two members.</summary>
    public bool TryMake(uint first, uint second)
    {
        bool made = false;
        Instance.RunOnCore(() => made = State.Links.TryMake(ref Instance.State, ref State.Pool, first, second));
        return made;
    }

    /// <summary>Sends what is owed.</summary>
    public bool SendOffers()
    {
        bool sent = false;
        Instance.RunOnCore(() => sent = State.Links.SendOffers(in Instance.State, in State.Cores, in State.Instances));
        return sent;
    }

    /// <summary>A message from a member.</summary>
    /// <returns>Whether the coordinator knows the kind.</returns>
    public bool Handle(uint core, LinkMessage message)
    {
        bool known = false;
        Instance.RunOnCore(() => known = CoordinatorProtocol.Handle(
            ref Instance.State, ref State, ref Instance.State.Map.Link(core - 1), in message));
        return known;
    }

    /// <summary>What a member has been sent.</summary>
    public List<LinkMessage> Sent(uint core) => Members[core - 1].TakeAll();

    /// <inheritdoc/>
    public void Dispose()
    {
        Instance.Dispose();
        _state.Dispose();
    }
}
