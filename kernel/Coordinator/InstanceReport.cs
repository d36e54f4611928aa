using System;
using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Console;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>What the coordinator says of an instance, from its status page.</summary>
public static class InstanceReport
{
    /// <summary>The instance has done its workload.</summary>
    public static void Ring(uint core, in InstanceStatus status)
    {
        Begin("ring"u8, core, in status);
        SerialRecord.Number("ticks"u8, Volatile.Read(in status.WorkloadTicks));
        SerialRecord.End();
    }

    /// <summary>How the instance is now.</summary>
    public static void Live(uint core, in InstanceStatus status, bool isAsleep)
    {
        Begin("live"u8, core, in status);
        SerialRecord.Number("asleep"u8, isAsleep ? 1UL : 0);
        SerialRecord.Number("slept"u8, Volatile.Read(in status.SleptTicks));
        SerialRecord.Number("tsc"u8, Cpu.ReadTsc());
        SerialRecord.End();
    }

    /// <summary>The instance has died, of many that were to.</summary>
    /// <param name="core">Its core.</param>
    /// <param name="life">Which life of the core it was, from 1.</param>
    /// <param name="wasStopped">Whether it was stopped from outside rather than by itself.</param>
    public static void Death(uint core, ulong life, bool wasStopped)
    {
        SerialRecord.Begin("death"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("life"u8, life);
        SerialRecord.Number("stopped"u8, wasStopped ? 1UL : 0);
        SerialRecord.End();
    }

    /// <summary>The instance took an interrupt that nobody asked for.</summary>
    public static void Stray(uint core, ulong vector, ulong count)
    {
        SerialRecord.Begin("stray"u8);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Number("vector"u8, vector);
        SerialRecord.Number("count"u8, count);
        SerialRecord.End();
    }

    /// <summary>What passed between the instance and each peer.</summary>
    public static void Pairs(uint core, in InstanceStatus status)
    {
        for (int i = 0; i < Limits.PairReportsMax; i++)
        {
            ref readonly PairReport pair = ref status.Pairs[i];
            ulong peerPlusOne = Volatile.Read(in pair.PeerPlusOne);
            if (peerPlusOne == 0)
            {
                continue;
            }

            SerialRecord.Begin("pair"u8);
            SerialRecord.Number("core"u8, core);
            SerialRecord.Number("peer"u8, peerPlusOne - 1);
            SerialRecord.Number("sent"u8, Volatile.Read(in pair.Sent));
            SerialRecord.Number("received"u8, Volatile.Read(in pair.Received));
            SerialRecord.Number("errors"u8, Volatile.Read(in pair.Errors));
            SerialRecord.End();
        }
    }

    private static void Begin(ReadOnlySpan<byte> record, uint core, in InstanceStatus status)
    {
        bool isHealthy = LifeWord.State(Volatile.Read(in status.Life)) == InstanceLifecycle.Healthy;
        SerialRecord.Begin(record);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Word("state"u8, isHealthy ? "healthy"u8 : "panicked"u8);
        SerialRecord.Number("heartbeat"u8, Volatile.Read(in status.Heartbeat));
        SerialRecord.Number("sent"u8, Volatile.Read(in status.Sent));
        SerialRecord.Number("received"u8, Volatile.Read(in status.Received));
        SerialRecord.Number("errors"u8, Volatile.Read(in status.Errors));
        SerialRecord.Number("sleeps"u8, Volatile.Read(in status.Sleeps));
        SerialRecord.Number("doorbells"u8, Volatile.Read(in status.DoorbellsRung));
        SerialRecord.Number("peers-died"u8, Volatile.Read(in status.PeersDied));
        SerialRecord.Number("refused"u8, Volatile.Read(in status.Refused));
    }
}
