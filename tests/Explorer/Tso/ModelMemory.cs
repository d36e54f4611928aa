using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Explorer.Tso;

/// <summary>
/// Shared memory as the machine models it: put in place of the processor's own, under the product's code.
/// </summary>
public unsafe struct ModelMemory : ISharedMemory
{
    /// <inheritdoc/>
    public static uint Load32(uint* address)
    {
        int shift = HalfShift(address);
        return (uint)(TsoMachine.Running.Load(address, (ulong)uint.MaxValue << shift) >> shift);
    }

    /// <inheritdoc/>
    public static ulong Load64(ulong* address) => TsoMachine.Running.Load(address, ulong.MaxValue);

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value)
    {
        int shift = HalfShift(address);
        TsoMachine.Running.Store(address, (ulong)uint.MaxValue << shift, (ulong)value << shift);
    }

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value) => TsoMachine.Running.Store(address, ulong.MaxValue, value);

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        TsoMachine machine = TsoMachine.Running;
        ref ulong first = ref Unsafe.As<RingPayload, ulong>(ref Unsafe.AsRef(in payload));
        foreach (int word in machine.Payload.StoreOrder)
        {
            machine.Store((ulong*)slot + word, ulong.MaxValue, Unsafe.Add(ref first, word));
        }
    }

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload)
    {
        payload = default;
        TsoMachine machine = TsoMachine.Running;
        ref ulong first = ref Unsafe.As<RingPayload, ulong>(ref payload);
        foreach (int word in machine.Payload.LoadOrder)
        {
            Unsafe.Add(ref first, word) = machine.Load((ulong*)slot + word, ulong.MaxValue);
        }
    }

    /// <inheritdoc/>
    public static void Prefetch(void* line)
    {
    }

    /// <inheritdoc/>
    public static void Fence() => TsoMachine.Running.Fence();

    private static int HalfShift(uint* address) => ((nuint)address & sizeof(uint)) != 0 ? 32 : 0;
}

/// <summary>Which payload words are modelled, and in which order they are stored and loaded.</summary>
public sealed record PayloadModel(int[] StoreOrder, int[] LoadOrder)
{
    /// <summary>Words 0 and 6, ascending: the first and the last that are stored.</summary>
    public static PayloadModel Ascending { get; } = new([0, 6], [0, 6]);

    /// <summary>Words 0 and 6, descending on both sides.</summary>
    public static PayloadModel Descending { get; } = new([6, 0], [6, 0]);

    /// <summary>All seven words, stored ascending and loaded descending.</summary>
    public static PayloadModel AllWords { get; } = new([0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0]);
}
