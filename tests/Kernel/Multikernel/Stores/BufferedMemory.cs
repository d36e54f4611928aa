using System.Threading;
using Atoll.Abi;

namespace Atoll.Kernel.Tests.Multikernel.Stores;

/// <summary>Memory that cores share, seen through the store buffer of the core that runs.</summary>
/// <remarks>Takes the place of the machine's own where rooms and machine are compiled for a simulation with store buffers (<see cref="BufferedRooms"/>).</remarks>
internal unsafe struct BufferedMemory : ISharedMemory
{
    private const int PayloadWords = RingPayload.SizeBytes / sizeof(ulong);

    /// <inheritdoc/>
    public static uint Load32(uint* address) => StoreBuffer.Running is StoreBuffer buffer ? (uint)buffer.Load(address, sizeof(uint)) : Volatile.Read(ref *address);

    /// <inheritdoc/>
    public static ulong Load64(ulong* address) => StoreBuffer.Running is StoreBuffer buffer ? buffer.Load(address, sizeof(ulong)) : Volatile.Read(ref *address);

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value) => Running.Store(address, sizeof(uint), value);

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value) => Running.Store(address, sizeof(ulong), value);

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        fixed (RingPayload* from = &payload)
        {
            for (int word = 0; word < PayloadWords; word++)
            {
                Store64((ulong*)slot + word, ((ulong*)from)[word]);
            }
        }
    }

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload)
    {
        fixed (RingPayload* to = &payload)
        {
            for (int word = 0; word < PayloadWords; word++)
            {
                ((ulong*)to)[word] = Load64((ulong*)slot + word);
            }
        }
    }

    /// <inheritdoc/>
    public static void Prefetch(void* line)
    {
    }

    /// <inheritdoc/>
    public static void Fence() => StoreBuffer.Running?.Drain();

    private static StoreBuffer Running => StoreBuffer.Running ?? throw new InvalidOperationException("a store by nobody's code");
}
