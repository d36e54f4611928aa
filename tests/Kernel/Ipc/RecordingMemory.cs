using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Kernel.Tests.Ipc;

/// <summary>What was done to shared memory.</summary>
internal enum AccessKind
{
    /// <summary>Sequence or header loaded.</summary>
    LoadHeader,

    /// <summary>Sequence or header stored.</summary>
    StoreHeader,

    /// <summary>Payload copied out.</summary>
    LoadPayload,

    /// <summary>Payload copied in.</summary>
    StorePayload,

    /// <summary>Line asked for.</summary>
    Prefetch,

    /// <summary>Full fence.</summary>
    Fence,

    /// <summary>Doorbell sent.</summary>
    Doorbell,

    /// <summary>Interrupts taken between turns.</summary>
    Breath,

    /// <summary>Halt.</summary>
    Halt,
}

/// <summary>The accesses of this thread in the order in which they became visible, and who looks in between.</summary>
internal static class AccessLog
{
    [ThreadStatic]
    private static List<AccessKind>? s_accesses;

    [ThreadStatic]
    private static Action? s_afterEach;

    /// <summary>The accesses so far.</summary>
    public static List<AccessKind> Accesses => s_accesses ??= [];

    /// <summary>Runs <paramref name="body"/>, and <paramref name="afterEach"/> after each of its accesses.</summary>
    /// <returns>The accesses of the body.</returns>
    public static IReadOnlyList<AccessKind> Record(Action body, Action? afterEach = null)
    {
        Accesses.Clear();
        s_afterEach = afterEach;
        body();
        s_afterEach = null;
        return [.. Accesses];
    }

    /// <summary>Notes an access and lets the other side look.</summary>
    public static void Add(AccessKind kind)
    {
        Accesses.Add(kind);
        s_afterEach?.Invoke();
    }
}

/// <summary>Coherent memory that notes each access.</summary>
internal unsafe struct RecordingMemory : ISharedMemory
{
    /// <inheritdoc/>
    public static uint Load32(uint* address)
    {
        uint value = CoherentMemory.Load32(address);
        AccessLog.Add(AccessKind.LoadHeader);
        return value;
    }

    /// <inheritdoc/>
    public static ulong Load64(ulong* address)
    {
        ulong value = CoherentMemory.Load64(address);
        AccessLog.Add(AccessKind.LoadHeader);
        return value;
    }

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value)
    {
        CoherentMemory.Store32(address, value);
        AccessLog.Add(AccessKind.StoreHeader);
    }

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value)
    {
        CoherentMemory.Store64(address, value);
        AccessLog.Add(AccessKind.StoreHeader);
    }

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        // Word by word, so that the other side sees every half-written payload.
        fixed (RingPayload* from = &payload)
        {
            for (int word = 0; word < RingPayload.SizeBytes / sizeof(ulong); word++)
            {
                ((ulong*)slot)[word] = ((ulong*)from)[word];
                AccessLog.Add(AccessKind.StorePayload);
            }
        }
    }

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload)
    {
        CoherentMemory.LoadPayload(slot, out payload);
        AccessLog.Add(AccessKind.LoadPayload);
    }

    /// <inheritdoc/>
    public static void Prefetch(void* line)
    {
        CoherentMemory.Prefetch(line);
        AccessLog.Add(AccessKind.Prefetch);
    }

    /// <inheritdoc/>
    public static void Fence()
    {
        CoherentMemory.Fence();
        AccessLog.Add(AccessKind.Fence);
    }
}

/// <summary>
/// Memory that breaks its promise: the last payload word and the payload load come after the store that must follow
/// them.
/// </summary>
/// <remarks>Only to show that the order tests can fail.</remarks>
internal unsafe struct ReorderingMemory : ISharedMemory
{
    [ThreadStatic]
    private static Action? s_late;

    /// <inheritdoc/>
    public static uint Load32(uint* address) => RecordingMemory.Load32(address);

    /// <inheritdoc/>
    public static ulong Load64(ulong* address) => RecordingMemory.Load64(address);

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value)
    {
        RecordingMemory.Store32(address, value);
        Settle();
    }

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value)
    {
        RecordingMemory.Store64(address, value);
        Settle();
    }

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        RingPayload copy = payload;
        s_late = () => RecordingMemory.StorePayload(slot, in copy);
    }

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload)
    {
        payload = *slot;
        s_late = () => AccessLog.Add(AccessKind.LoadPayload);
    }

    /// <inheritdoc/>
    public static void Prefetch(void* line) => RecordingMemory.Prefetch(line);

    /// <inheritdoc/>
    public static void Fence() => Settle();

    private static void Settle()
    {
        Action? late = s_late;
        s_late = null;
        late?.Invoke();
    }
}
