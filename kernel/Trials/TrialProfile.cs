using System;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>The image for tests: the product's duties, a workload, and what boot parameters ask for (docs/serial.md, "Trials").</summary>
public struct TrialProfile : IProfile
{
    /// <summary>What is asked for.</summary>
    public TrialParameters Parameters;

    /// <summary>Deaths to bring about.</summary>
    public KillOrder Kills;

    /// <summary>What was heard of one who died in a send.</summary>
    public LastWords Words;

    /// <summary>How the workload goes.</summary>
    public WorkloadWatch Watch;

    /// <summary>What everybody works on.</summary>
    public WorkloadOrder Order;

    /// <summary>Whether what was stopped has left nothing.</summary>
    public UndoWatch Undo;

    /// <inheritdoc/>
    public readonly bool RestartsTheDead => Parameters.Kills != 0;

    /// <inheritdoc/>
    public readonly uint FailuresExpected =>
        (Parameters.StartNever.CorePlusOne != 0 ? 1u : 0) + (Parameters.StartLate.CorePlusOne != 0 ? 1u : 0);

    /// <inheritdoc/>
    public readonly uint DeathsExpected => (FaultKinds.IsLethal(Parameters.Fault) ? 1u : 0) + Kills.Done;

    /// <inheritdoc/>
    public readonly bool CoordinatorIsToDie =>
        Parameters.FaultCore.Is(InstanceState.CoordinatorCore) && FaultKinds.IsLethal(Parameters.Fault);

    /// <inheritdoc/>
    public static bool Turn(ref InstanceState state, bool received)
    {
        bool more = Workload.Turn(ref state, received);
        more |= InstanceDuty.Turn(ref state, Workload.Read(in state).IsDone);
        FaultOrder.Poll(ref state);
        return more;
    }

    /// <inheritdoc/>
    public static void TurnEnded(ref InstanceState state) => Workload.Report(ref state);

    /// <inheritdoc/>
    public static void Linked(ref InstanceState state, ref LinkEntry entry) => Workload.Open(ref state, entry.Link.Peer);

    /// <inheritdoc/>
    public static void Unlinked(ref InstanceState state, uint position, uint peer, ulong epoch)
    {
        Workload.Forget(ref state, peer);
        InstanceDuty.Unlinked<TrialProfile>(ref state, position, peer, epoch);
    }

    /// <inheritdoc/>
    public static bool Handle(ref InstanceState state, ref LinkEntry entry, in LinkMessage message) =>
        Workload.Receive(ref state, entry.Link.Peer, in message)
        || LastWords.Receive(ref state, in message)
        || HandleDuty(ref state, ref entry, in message)
        || (state.Role == InstanceRole.Member && entry.Link.Peer == CoordinatorInstance.Core && Obey(ref state, in message));

    /// <inheritdoc/>
    public static uint IdleTurns(ref readonly InstanceState state) => Workload.Read(in state).IdleTurns;

    /// <inheritdoc/>
    public static int ReceiveBudget(ref readonly InstanceState state) => Workload.Read(in state).ReceiveBudget;

    /// <inheritdoc/>
    public static bool AwaitsRoom(ref readonly InstanceState state) => Workload.Read(in state).IsBlocked;

    /// <inheritdoc/>
    public ParameterResult Decode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Parameters.Decode(name, value);

    /// <inheritdoc/>
    public readonly ReadOnlySpan<byte> Contradiction(uint cores) =>
        Parameters.Contradiction(cores);

    /// <inheritdoc/>
    public readonly ApStartMode StartMode(uint core) =>
        Parameters.StartNever.Is(core) ? ApStartMode.Park
        : Parameters.StartLate.Is(core) ? ApStartMode.WaitUntil
        : ApStartMode.Run;

    /// <inheritdoc/>
    public readonly void Prepare(ref InstanceState state, ref CoordinatorState coordinator)
    {
        state.Kernel.Members.ProvokesFaults = true;
        if (Parameters.MeasureRings && !RingMeasurement.Run(ref state, ref coordinator.Pool))
        {
            BootFailure.StopForMemory(CoordinatorInstance.Core, coordinator.UsableBytes);
        }
    }

    /// <inheritdoc/>
    public void Begin(ref InstanceState state, ref CoordinatorState coordinator)
    {
        Order = WorkloadStart.MakeOrder(ref coordinator, in Parameters.Workload);
        WorkloadStart.BeginAll(ref state, ref coordinator, in Order);
        if (Parameters.Kills != 0)
        {
            HostileCount.TellPoolBefore(ref state, in coordinator);
        }

        Kills.Begin(Parameters.Kills, Parameters.Seed, Parameters.KillWays);
        FaultOrder.Send(ref state, ref coordinator, in Parameters);
    }

    /// <inheritdoc/>
    public void Demanded(ref InstanceState state, uint core) => Watch.Demanded(ref state, core);

    /// <inheritdoc/>
    public readonly bool Works(ref readonly InstanceState state, uint core) => Watch.Works(in state, core, in Order);

    /// <inheritdoc/>
    public readonly bool IsBusy(uint core) => Parameters.Workload.Messages != 0 && !Watch.HasReported(core);

    /// <inheritdoc/>
    public void Look(ref InstanceState state, uint core)
    {
        if (IsBusy(core))
        {
            Watch.Look(ref state, core);
        }
    }

    /// <inheritdoc/>
    public ulong Poll(ref InstanceState state, ref CoordinatorState coordinator, ulong now, ulong next)
    {
        next = Watch.Live(ref state, ref coordinator, now, Parameters.Workload.LiveMilliseconds, next);
        if (coordinator.Parameters.ConsoleIsPrograms)
        {
            Undo.Look(ref state, ref coordinator);
        }

        if (Parameters.Kills == 0)
        {
            return next;
        }

        Killing.Poll(ref state, ref coordinator, ref Kills, now);
        HostileCount.TellDeaths(ref state, in coordinator);
        ulong left = Kills.MicrosecondsLeft(in state.Clock, now);
        return left < Limits.LookMicroseconds ? left : Limits.LookMicroseconds;
    }

    /// <inheritdoc/>
    public readonly void Provoke(ref InstanceState state, uint core, MemberOrder order) =>
        FaultOrder.Send(ref state, core, order == MemberOrder.Hang ? FaultKind.Hang : FaultKind.Check, target: 0);

    /// <inheritdoc/>
    public void Reclaimed(uint core)
    {
        if (RestartsTheDead)
        {
            KillReport.Reclaimed(core, in Kills, in Words, Cpu.ReadTsc() - Kills.LastAt);
            Words = default;
        }
    }

    /// <inheritdoc/>
    public void Started(ref InstanceState state, uint core)
    {
        Watch.Restarted(core);
        WorkloadStart.Begin(ref state, in Order, core);
    }

    /// <inheritdoc/>
    public readonly bool HasUnfinished(uint died) => Kills.Left != 0 || (Parameters.Kills != 0 && died < Kills.Done);

    /// <inheritdoc/>
    public readonly ReadOnlySpan<byte> Conclude(ref InstanceState state, ref CoordinatorState coordinator)
    {
        KillReport.Pool(in coordinator);
        return Watch.Conclude(ref state, ref coordinator) ? "ring-errors"u8 : default;
    }

    private static bool HandleDuty(ref InstanceState state, ref LinkEntry entry, in LinkMessage message)
    {
        ref HostileCount count = ref StatePage<TrialWork>.WorkOf(ref state).Hostile;
        if (!count.IsOf(entry.Link.Peer))
        {
            if (message.Kind == (uint)TrialMessage.CountMe)
            {
                count.Begin(in entry);
                if (state.Role == InstanceRole.Coordinator)
                {
                    HostileCount.TellPoolBefore(ref state, ref CoordinatorState.Of(in state));
                }

                return true;
            }

            return InstanceDuty.Handle<TrialProfile>(ref state, ref entry, in message);
        }

        ulong before = HostileCount.Refusals(in state);
        bool isKnown = InstanceDuty.Handle<TrialProfile>(ref state, ref entry, in message);
        count.Add(ref state, in entry, isKnown || message.Kind is (uint)KernelMessage.Ping or (uint)KernelMessage.Pong, before);
        if (state.Role == InstanceRole.Coordinator)
        {
            HostileCount.TellPool(ref state, ref CoordinatorState.Of(in state));
        }

        return isKnown;
    }

    // Orders come from the coordinator, and only a member obeys.
    private static bool Obey(ref InstanceState state, in LinkMessage message)
    {
        switch ((TrialMessage)message.Kind)
        {
            case TrialMessage.BeginWorkload:
                Workload.BeginOn(ref state, WorkloadOrder.Decode(in message));
                return true;

            case TrialMessage.ProvokeFault:
                FaultOrder.Take(ref state, in message);
                return true;

            default:
                return false;
        }
    }
}
