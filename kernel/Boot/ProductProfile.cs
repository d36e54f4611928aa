using System;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>The product: instances do their duties, and nobody asks for anything else.</summary>
public struct ProductProfile : IProfile
{
    /// <inheritdoc/>
    public readonly bool RestartsTheDead => false;

    /// <inheritdoc/>
    public readonly uint FailuresExpected => 0;

    /// <inheritdoc/>
    public readonly uint DeathsExpected => 0;

    /// <inheritdoc/>
    public readonly bool CoordinatorIsToDie => false;

    /// <inheritdoc/>
    public static bool Turn(ref InstanceState state, bool received) => InstanceDuty.Turn(ref state, isWorkDone: true);

    /// <inheritdoc/>
    public static void TurnEnded(ref InstanceState state)
    {
    }

    /// <inheritdoc/>
    public static void Linked(ref InstanceState state, ref LinkEntry entry)
    {
    }

    /// <inheritdoc/>
    public static void Unlinked(ref InstanceState state, uint position, uint peer, ulong epoch) =>
        InstanceDuty.Unlinked<ProductProfile>(ref state, position, peer, epoch);

    /// <inheritdoc/>
    public static bool Handle(ref InstanceState state, ref LinkEntry entry, in LinkMessage message) =>
        InstanceDuty.Handle<ProductProfile>(ref state, ref entry, in message);

    /// <inheritdoc/>
    /// <remarks>Where several may write an answer comes soon; who hears from the coordinator only, hears seldom.</remarks>
    public static uint IdleTurns(ref readonly InstanceState state) => state.LinkCount > 1 ? (uint)Limits.IdleTurnsMax : 0;

    /// <inheritdoc/>
    public static int ReceiveBudget(ref readonly InstanceState state) => Limits.RingBatchMax;

    /// <inheritdoc/>
    public static bool AwaitsRoom(ref readonly InstanceState state) => false;

    /// <inheritdoc/>
    public readonly ParameterResult Decode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => ParameterResult.UnknownName;

    /// <inheritdoc/>
    public readonly ReadOnlySpan<byte> Contradiction(uint cores) => default;

    /// <inheritdoc/>
    public readonly ApStartMode StartMode(uint core) => ApStartMode.Run;

    /// <inheritdoc/>
    public readonly void Prepare(ref InstanceState state, ref CoordinatorState coordinator)
    {
    }

    /// <inheritdoc/>
    public readonly void Provoke(ref InstanceState state, uint core, MemberOrder order)
    {
    }

    /// <inheritdoc/>
    public readonly void Begin(ref InstanceState state, ref CoordinatorState coordinator)
    {
    }

    /// <inheritdoc/>
    public readonly void Demanded(ref InstanceState state, uint core)
    {
    }

    /// <inheritdoc/>
    public readonly bool Works(ref readonly InstanceState state, uint core) => true;

    /// <inheritdoc/>
    public readonly bool IsBusy(uint core) => false;

    /// <inheritdoc/>
    public readonly void Look(ref InstanceState state, uint core)
    {
    }

    /// <inheritdoc/>
    public readonly ulong Poll(ref InstanceState state, ref CoordinatorState coordinator, ulong now, ulong next) => next;

    /// <inheritdoc/>
    public readonly void Reclaimed(uint core)
    {
    }

    /// <inheritdoc/>
    public readonly void Started(ref InstanceState state, uint core)
    {
    }

    /// <inheritdoc/>
    public readonly bool HasUnfinished(uint died) => false;

    /// <inheritdoc/>
    public readonly ReadOnlySpan<byte> Conclude(ref InstanceState state, ref CoordinatorState coordinator) => default;
}
