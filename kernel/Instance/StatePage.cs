using System.Runtime.CompilerServices;
using Atoll.Ipc;

namespace Atoll.Instance;

/// <summary>The state page: the instance's own state, and behind it that of the work it does.</summary>
/// <remarks>
/// What an instance works on is a type parameter of the rooms above (<c>IDuty</c>), and so is the state of it: an image whose instances
/// do not do a work has no byte for it. A work that goes further than another begins with the other's state, so that both find it.
/// </remarks>
/// <typeparam name="TWork">State of the work. Zeroed memory is its beginning.</typeparam>
[PerCore]
[NonCopyable]
public struct StatePage<[AllowLinear] TWork>
    where TWork : struct
{
    /// <summary>The instance's own state.</summary>
    public InstanceState Instance;

    /// <summary>The state of its work.</summary>
    public TWork Work;

    /// <summary>The state of an instance's work.</summary>
    /// <param name="state">The instance.</param>
    [Trusted(Safety = "An instance's state is the beginning of its state page, which is zeroed before the instance begins.")]
    public static ref TWork WorkOf(ref InstanceState state) => ref Unsafe.As<InstanceState, StatePage<TWork>>(ref state).Work;

    /// <summary>The state of an instance's work, to read.</summary>
    /// <param name="state">The instance.</param>
    [Trusted(Safety = "An instance's state is the beginning of its state page, which is zeroed before the instance begins.")]
    public static ref readonly TWork ReadWorkOf(ref readonly InstanceState state) =>
        ref Unsafe.As<InstanceState, StatePage<TWork>>(ref Unsafe.AsRef(in state)).Work;
}
