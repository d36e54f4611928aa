using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Services.Lib;

namespace Atoll.Services.Midway;

/// <summary>Memory of a channel in which a program dies while it sends: everything else is as in <see cref="CoherentMemory"/>. What kernel/Trials has for kernels.</summary>
[Trusted(Safety = "As CoherentMemory: addresses come from the ring's code, whose pages stay mapped while the channel is open.")]
internal unsafe struct MortalMemory<TStep, TWay> : ISharedMemory
    where TStep : ISendStep
    where TWay : IDeathWay
{
    private const int FarBehind = 4096;

    /// <inheritdoc/>
    public static uint Load32(uint* address) => CoherentMemory.Load32(address);

    /// <inheritdoc/>
    public static ulong Load64(ulong* address)
    {
        At(SendStep.WakeWord);
        ulong value = CoherentMemory.Load64(address);

        // Whoever is asleep would be rung next.
        At(SendStep.Doorbell);
        return value;
    }

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value) => CoherentMemory.Store32(address, value);

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value)
    {
        At(SendStep.Header);
        CoherentMemory.Store64(address, value);
        At(SendStep.Position);
    }

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        At(SendStep.Payload);
        if (TStep.Step == SendStep.Half)
        {
            CoherentMemory.Store64(&slot->Word0, payload.Word0);
            CoherentMemory.Store64(&slot->Word1, payload.Word1);
            CoherentMemory.Store64(&slot->Word2, payload.Word2);
            Die();
        }

        CoherentMemory.StorePayload(slot, in payload);
    }

    /// <inheritdoc/>
    public static void LoadPayload(RingPayload* slot, out RingPayload payload) => CoherentMemory.LoadPayload(slot, out payload);

    /// <inheritdoc/>
    public static void Prefetch(void* line) => CoherentMemory.Prefetch(line);

    /// <inheritdoc/>
    public static void Fence()
    {
        At(SendStep.Fence);
        CoherentMemory.Fence();
    }

    private static void At(SendStep step)
    {
        if (TStep.Step == step)
        {
            Die();
        }
    }

    private static void Die()
    {
        while (TWay.StandsStill)
        {
            // Until the core is stopped: nobody else ends it.
            _ = Ipc.Now();
        }

        ProgramExit.End(Index("a failed check"u8, FarBehind));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];
}
