using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Trials;

/// <summary>Shared memory in which a core dies while it sends: everything else is as in <see cref="CoherentMemory"/>.</summary>
/// <remarks>What each access stands for is the order of kernel/Ipc/RingSender.cs and TurnEnd.cs: payload, header, fence, wake words.</remarks>
[Trusted(Safety = "As CoherentMemory: addresses come from trusted code, which says that their page stays mapped.")]
public unsafe struct MortalMemory<TDeath> : ISharedMemory
    where TDeath : ISendDeath
{
    /// <inheritdoc/>
    public static uint Load32(uint* address) => CoherentMemory.Load32(address);

    /// <inheritdoc/>
    public static ulong Load64(ulong* address)
    {
        SendDeath.At<TDeath>(PublishStep.WakeWord);
        return CoherentMemory.Load64(address);
    }

    /// <inheritdoc/>
    public static void Store32(uint* address, uint value) => CoherentMemory.Store32(address, value);

    /// <inheritdoc/>
    public static void Store64(ulong* address, ulong value)
    {
        SendDeath.At<TDeath>(PublishStep.Header);
        CoherentMemory.Store64(address, value);
        SendDeath.At<TDeath>(PublishStep.Position);
    }

    /// <inheritdoc/>
    public static void StorePayload(RingPayload* slot, ref readonly RingPayload payload)
    {
        SendDeath.At<TDeath>(PublishStep.Payload);
        if (TDeath.Step == PublishStep.Half)
        {
            CoherentMemory.Store64(&slot->Word0, payload.Word0);
            CoherentMemory.Store64(&slot->Word1, payload.Word1);
            CoherentMemory.Store64(&slot->Word2, payload.Word2);
            SendDeath.Die<TDeath>();
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
        SendDeath.At<TDeath>(PublishStep.Fence);
        CoherentMemory.Fence();
    }
}
