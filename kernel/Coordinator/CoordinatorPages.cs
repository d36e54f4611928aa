using System.Runtime.CompilerServices;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Coordinator;

/// <summary>The coordinator's own pages: what every coordinator knows, and behind it the state of the image's profile.</summary>
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
