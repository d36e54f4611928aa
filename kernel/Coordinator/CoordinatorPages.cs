using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Coordinator;

/// <summary>
/// The coordinator's own pages: what every coordinator knows, behind it the state of the image's profile, and behind that what it has for each core of the machine.
/// </summary>
/// <typeparam name="TProfile">The profile.</typeparam>
[PerCore]
[NonCopyable]
public struct CoordinatorPages<[AllowLinear] TProfile>
    where TProfile : unmanaged, IProfile
{
    /// <summary>What every coordinator knows.</summary>
    public CoordinatorState State;

    /// <summary>The profile.</summary>
    public TProfile Profile;

    /// <summary>Where the instance table begins.</summary>
    public static unsafe ulong InstancesOffset => Bits.AlignUp((ulong)sizeof(CoordinatorPages<TProfile>), sizeof(ulong));

    /// <summary>Bytes that the coordinator of a machine needs.</summary>
    /// <param name="cores">The machine's cores.</param>
    public static unsafe uint BytesFor(uint cores) => (uint)(RefusalsOffset(cores) + (cores * (ulong)sizeof(CoreSet)));

    /// <summary>Finds the tables again where they are mapped. Before anything is looked up in them.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows: the cores of its machine.</param>
    [Trusted(Safety = "The pages are as many as BytesFor says, and mapped as long as the coordinator runs.")]
    public static unsafe void BeginTables(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ulong pages = (ulong)state.Map.CoordinatorPages;
        uint cores = (uint)coordinator.Cores.Count;
        coordinator.Instances.Begin(pages + InstancesOffset, cores);
        state.Kernel.Members.Rows.Begin(pages + InstancesOffset, (ulong)sizeof(InstanceEntry), cores);
        coordinator.Links.Begin(pages + RefusalsOffset(cores), cores);
    }

    private static unsafe ulong RefusalsOffset(uint cores) => InstancesOffset + (cores * (ulong)sizeof(InstanceEntry));

    /// <summary>The pages of an instance that is the coordinator. Only the coordinator asks.</summary>
    [Trusted(Safety = "The pages are the coordinator's for this type, mapped as long as it runs, and null elsewhere.")]
    public static unsafe ref CoordinatorPages<TProfile> Of(in InstanceState state)
    {
        Check.That(state.Map.CoordinatorPages != null);
        return ref Unsafe.AsRef<CoordinatorPages<TProfile>>(state.Map.CoordinatorPages);
    }

    /// <summary>The profile beside what a coordinator knows.</summary>
    [Trusted(Safety = "A coordinator's state is the beginning of its pages.")]
    public static ref TProfile ProfileOf(ref CoordinatorState coordinator) =>
        ref Unsafe.As<CoordinatorState, CoordinatorPages<TProfile>>(ref coordinator).Profile;
}
