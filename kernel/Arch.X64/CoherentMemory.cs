using System.Runtime.Intrinsics.X86;
using System.Threading;
using Atoll.Abi;

namespace Atoll.Arch;

/// <summary>Memory as x86-64 cores share it: loads acquire, stores release, a fence is MFENCE.</summary>
[InterruptSafe, NoPanic, NoBlock]
[Trusted(Safety = "Addresses come from trusted code, which says that their page stays mapped.")]
public unsafe struct CoherentMemory : ISharedMemory
{
    /// <inheritdoc/>
    public static uint Load32(uint* address) => Volatile.Read(ref *address);

    /// <inheritdoc/>
    public static ulong Load64(ulong* address) => Volatile.Read(ref *address);

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value) => Volatile.Write(ref *address, value);

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value) => Volatile.Write(ref *address, value);

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload) => *slot = payload;

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload) => payload = *slot;

    /// <inheritdoc/>
    public static void Prefetch(void* line) => Sse.Prefetch0(line);

    /// <inheritdoc/>
    public static void Fence() => Sse2.MemoryFence();
}
