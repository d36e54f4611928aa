using System;
using System.Threading;
using Atoll.Arch;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>What the coordinator says of an instance's work, from its status page.</summary>
public static class WorkloadReport
{
    /// <summary>The instance has done its workload, or the run ends.</summary>
    public static void Ring(uint core, ref InstanceStatus status)
    {
        Begin("ring"u8, core, ref status);
        SerialRecord.Number("ticks"u8, Volatile.Read(in WorkStatus.Of(ref status).Ticks));
        SerialRecord.End();
    }

    /// <summary>How the instance is now.</summary>
    public static void Live(uint core, ref InstanceStatus status, bool isAsleep)
    {
        Begin("live"u8, core, ref status);
        SerialRecord.Number("asleep"u8, isAsleep ? 1UL : 0);
        SerialRecord.Number("slept"u8, Volatile.Read(in status.SleptTicks));
        SerialRecord.Number("tsc"u8, Cpu.ReadTsc());
        SerialRecord.End();
    }

    /// <summary>What passed between the instance and each peer that it exchanged anything with.</summary>
    public static void Pairs(uint core, ref WorkStatus status)
    {
        for (int peer = 0; peer < WorkStatus.PeersMax; peer++)
        {
            ref PairTraffic pair = ref status.Pairs[peer];
            uint sent = Volatile.Read(ref pair.Sent);
            uint received = Volatile.Read(ref pair.Received);
            uint errors = Volatile.Read(ref pair.Errors);
            if ((sent | received | errors) == 0)
            {
                continue;
            }

            SerialRecord.Begin("pair"u8);
            SerialRecord.Number("core"u8, core);
            SerialRecord.Number("peer"u8, (ulong)peer);
            SerialRecord.Number("sent"u8, sent);
            SerialRecord.Number("received"u8, received - errors);
            SerialRecord.Number("errors"u8, errors);
            SerialRecord.End();
        }
    }

    private static void Begin(ReadOnlySpan<byte> record, uint core, ref InstanceStatus status)
    {
        ref WorkStatus work = ref WorkStatus.Of(ref status);
        bool isHealthy = LifeWord.State(Volatile.Read(in status.Life)) == InstanceLifecycle.Healthy;
        SerialRecord.Begin(record);
        SerialRecord.Number("core"u8, core);
        SerialRecord.Word("state"u8, isHealthy ? "healthy"u8 : "panicked"u8);
        SerialRecord.Number("heartbeat"u8, Volatile.Read(in status.Heartbeat));
        SerialRecord.Number("sent"u8, Volatile.Read(in work.Sent));
        SerialRecord.Number("received"u8, Volatile.Read(in work.Received));
        SerialRecord.Number("errors"u8, Volatile.Read(in work.Errors));
        SerialRecord.Number("sleeps"u8, Volatile.Read(in status.Sleeps));
        SerialRecord.Number("doorbells"u8, Volatile.Read(in status.DoorbellsRung));
        SerialRecord.Number("peers-died"u8, Volatile.Read(in status.PeersDied));
        SerialRecord.Number("refused"u8, Volatile.Read(in status.Refused));
    }
}
