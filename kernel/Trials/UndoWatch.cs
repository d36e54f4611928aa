using System.Runtime.CompilerServices;
using System.Threading;
using Atoll.Abi;
using Atoll.Coordinator;
using Atoll.Instance;

namespace Atoll.Trials;

/// <summary>What a provisioned and stopped instance leaves in its coordinator must be nothing: by a hash of all that the coordinator holds, each time the same core has become empty.</summary>
/// <remarks>Left out is what counts lives and changes, and is to go on. The first core that becomes empty is the one that is watched.</remarks>
[PerCore]
public struct UndoWatch
{
    // FNV-1a with 64 bits (Fowler, Noll, Vo).
    private const ulong HashStart = 0xCBF2_9CE4_8422_2325;
    private const ulong HashPrime = 0x0000_0100_0000_01B3;

    private uint _core;
    private ulong _life;
    private ulong _hash;

    /// <summary>Looks whether the core has become empty again, compares, and tells on the status page.</summary>
    public void Look(ref InstanceState state, ref CoordinatorState coordinator)
    {
        for (uint core = 1; core < coordinator.Cores.Count; core++)
        {
            ref InstanceEntry entry = ref coordinator.Instances[(int)core];
            bool isEmpty = new MemberCondition(entry.Row.Condition).State == MemberState.Empty && entry.Incarnation != 0;
            if (isEmpty && (_core == 0 || (_core == core && _life != entry.Incarnation)))
            {
                Compare(ref state, Hash(ref coordinator, ref entry));
                _core = core;
                _life = entry.Incarnation;
            }
        }
    }

    private void Compare(ref InstanceState state, ulong hash)
    {
        ref HostileStatus status = ref HostileStatus.Of(ref state.Map.Status);
        if (_core != 0)
        {
            Volatile.Write(ref status.Undone, Volatile.Read(ref status.Undone) + 1);
            Volatile.Write(ref status.UndoneExactly, Volatile.Read(ref status.UndoneExactly) + (hash == _hash ? 1UL : 0));
        }

        _hash = hash;
    }

    private static ulong Hash(ref CoordinatorState coordinator, ref InstanceEntry entry)
    {
        ulong hash = HashStart;
        Add(ref hash, ref entry.Row.Condition);
        Add(ref hash, ref entry.Row.Bytes);
        Add(ref hash, ref entry.Row.Order);
        Add(ref hash, ref entry.Plan);
        Add(ref hash, ref entry.Grant);
        Add(ref hash, ref entry.Rings);
        Add(ref hash, ref entry.PongsBefore);
        Add(ref hash, ref entry.OwesSurvival);
        Add(ref hash, ref entry.Suspicion);
        Add(ref hash, ref entry.StraysReported);
        Add(ref hash, ref coordinator.Pool);
        Add(ref hash, ref coordinator.Links);
        Add(ref hash, ref coordinator.Channels);
        Add(ref hash, ref coordinator.Starting);
        return hash;
    }

    [Trusted(Safety = "Reads the bytes of a value that is there; of no type does it hold what bytes may not tell.")]
    private static unsafe void Add<[AllowLinear] T>(ref ulong hash, ref T value)
        where T : unmanaged
    {
        ref byte first = ref Unsafe.As<T, byte>(ref value);
        for (int index = 0; index < sizeof(T); index++)
        {
            hash = (hash ^ Unsafe.Add(ref first, index)) * HashPrime;
        }
    }
}
