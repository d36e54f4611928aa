using System.Runtime.CompilerServices;
using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Workloads;

/// <summary>An instance's part in a workload.</summary>
public struct Workload
{
    // In a storm a receiver takes few, so that rings stay full.
    private const int StormBudget = 2;

    private WorkloadOrder _order;
    private uint _core;
    private uint _left;
    private uint _right;
    private ulong _startTsc;
    private ulong _sent;
    private ulong _received;
    private ulong _errors;
    private bool _isFirst;
    private bool _isDone;
    private bool _isBlocked;
    private bool _hasMore;
    private bool _isUnreported;

    /// <summary>An instance's part.</summary>
    public static ref Workload Of(ref InstanceState state) => ref StatePage<Workload>.WorkOf(ref state);

    /// <summary>An instance's part, to read.</summary>
    public static ref readonly Workload Read(ref readonly InstanceState state) => ref StatePage<Workload>.ReadWorkOf(in state);

    /// <summary>Begins a workload on the links that are there, and asks for those that are not.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="order">What to do. Untrusted.</param>
    public static void BeginOn(ref InstanceState state, in WorkloadOrder order)
    {
        ref Workload workload = ref Of(ref state);
        Volatile.Write(ref state.Map.Status.WorkloadDone, 0);
        workload.Begin(in order, state.Core);
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            if (entry.IsUsed && !entry.OwesRelease)
            {
                workload.Enlist(ref entry);
            }
        }

        if (state.Role == InstanceRole.Member)
        {
            workload.WantPartners(ref state);
        }
    }

    /// <summary>Whether there is a workload.</summary>
    public readonly bool Runs => _order.Kind != WorkloadKind.None;

    /// <summary>Whether there is nothing left to do with any partner that lives.</summary>
    public readonly bool IsDone => _isDone;

    /// <summary>Whether messages are going to come from anybody.</summary>
    public readonly bool HasPartners => Runs && _right != _core;

    /// <summary>Whether a message waits for room in a ring: then the instance may sleep only for a bounded time.</summary>
    public readonly bool IsBlocked => _isBlocked;

    /// <summary>Empty turns before a sleep: none without a workload.</summary>
    public readonly uint IdleTurns => _order.IdleTurns;

    /// <summary>Messages to take from one link in one turn.</summary>
    public readonly int ReceiveBudget => _order.Kind == WorkloadKind.Storm ? StormBudget : Limits.RingBatchMax;

    /// <summary>Begins. An instance that the order leaves out has no partners and is done at once.</summary>
    /// <param name="order">What to do. Untrusted.</param>
    /// <param name="core">This instance's core.</param>
    public void Begin(in WorkloadOrder order, uint core)
    {
        this = default;
        _order = order;
        _startTsc = Cpu.ReadTsc();
        _core = core;
        _hasMore = true;
        _left = core;
        _right = core;
        if (!order.Cores.Has(core))
        {
            return;
        }

        _right = order.Cores.Next(core);
        for (uint next = _right; next != core; next = order.Cores.Next(next))
        {
            _left = next;
        }

        _isFirst = order.Cores.Next(Limits.InstanceCountMax - 1) == core;
    }

    /// <summary>Whether the workload needs a link to a peer.</summary>
    public readonly bool IsPartner(uint peer) => HasPartners && peer != _core && _order.Cores.Has(peer)
        && (_order.Kind is WorkloadKind.Matrix or WorkloadKind.Storm || peer == _left || peer == _right);

    // A link to every partner that has none.
    private readonly void WantPartners(ref InstanceState state)
    {
        for (uint peer = 0; peer < Limits.InstanceCountMax; peer++)
        {
            if (IsPartner(peer) && LinkTable.Find(in state.Map, peer) == LinkTable.None)
            {
                state.Opening.Want(peer);
            }
        }
    }

    /// <summary>Decides what passes on a new link, or on one that was there before the workload.</summary>
    public readonly void Enlist(ref LinkEntry entry)
    {
        bool all = _order.Kind is WorkloadKind.Matrix or WorkloadKind.Storm;
        uint peer = entry.Link.Peer;
        entry.Traffic = default;
        entry.Traffic.Sends = IsPartner(peer) && (all || peer == _right);
        entry.Traffic.Hears = IsPartner(peer) && (all || peer == _left);
    }

    /// <summary>A link was opened, to somebody new or to one in its next life: there may be something to send at once.</summary>
    public void Open(ref LinkEntry entry)
    {
        Enlist(ref entry);
        _hasMore |= entry.Traffic.Sends;
    }

    /// <summary>Sends what can be sent now.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="received">Whether anything came in in this turn. If not, there is nothing new unless something was left.</param>
    /// <returns>Whether there is more to send at once.</returns>
    public static bool Turn(ref InstanceState state, bool received)
    {
        ref Workload workload = ref Of(ref state);
        if (!workload.Runs || !(received || workload._hasMore || workload._isBlocked))
        {
            return false;
        }

        bool more = false;
        workload._isBlocked = false;
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            more |= entry.Traffic.Sends && workload.SendTo(ref entry);
        }

        workload._hasMore = more;
        workload._isUnreported = true;
        return more;
    }

    /// <summary>Tells the status page what passed, and whether all is done. After the doorbells: nobody waits for it.</summary>
    public static void Report(ref InstanceState state)
    {
        ref Workload workload = ref Of(ref state);
        if (!workload._isUnreported)
        {
            return;
        }

        workload._isUnreported = false;
        bool done = true;
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            done &= workload.IsDoneWith(in entry);
            if (entry.Traffic.IsUnpublished)
            {
                PairTraffic.Publish(in state.Map, position);
            }
        }

        workload.Publish(in state.Map);
        workload.Finish(ref state, done);
    }

    /// <summary>Deals with a workload message.</summary>
    /// <returns>False when it is none.</returns>
    public bool Receive(ref LinkEntry entry, in LinkMessage message)
    {
        if (message.Kind is not ((uint)KernelMessage.Traffic or (uint)KernelMessage.Token))
        {
            return false;
        }

        bool isGood = TrafficMessage.Verify(in message, entry.Traffic.Received) == TrafficCheck.Good;
        entry.Traffic.Received++;
        entry.Traffic.IsUnpublished = true;
        entry.Traffic.Errors += isGood ? 0 : 1UL;
        _received += isGood ? 1UL : 0;
        _errors += isGood ? 0 : 1UL;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SendTo(ref LinkEntry entry)
    {
        switch (_order.Kind)
        {
            case WorkloadKind.Doorbell:
                // The lowest core begins; everybody else sends as many as it has received.
                ulong due = _received + (_isFirst ? 1UL : 0);
                return SendBatch(ref entry, KernelMessage.Token, _order.Limit != 0 && due > _order.Limit ? _order.Limit : due);

            case WorkloadKind.Storm:
                SendQuestion(ref entry);
                return SendBatch(ref entry, KernelMessage.Traffic, ulong.MaxValue);

            default:
                return SendBatch(ref entry, KernelMessage.Traffic, _order.Limit == 0 ? ulong.MaxValue : _order.Limit);
        }
    }

    private bool SendBatch(ref LinkEntry entry, KernelMessage kind, ulong limit)
    {
        for (int sent = 0; entry.Traffic.Sent < limit; sent++)
        {
            if (sent == Limits.RingBatchMax)
            {
                return true;
            }

            TrafficMessage.Make(kind, entry.Traffic.Sent, _core, out LinkMessage message);
            if (entry.Link.TrySend<CoherentMemory>(ref message) != LinkSendResult.Sent)
            {
                _isBlocked = true;
                return false;
            }

            entry.Traffic.Sent++;
            entry.Traffic.IsUnpublished = true;
            _sent++;
        }

        return false;
    }

    private readonly void SendQuestion(ref LinkEntry entry)
    {
        if (!entry.AwaitsPong && entry.Pongs < _order.Limit)
        {
            LinkTurn.Ask(ref entry);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsDoneWith(in LinkEntry entry) => _order.Limit != 0 && (_order.Kind == WorkloadKind.Storm
        ? !entry.Traffic.Sends || entry.Pongs >= _order.Limit
        : (!entry.Traffic.Sends || entry.Traffic.Sent >= _order.Limit)
            && (!entry.Traffic.Hears || entry.Traffic.Received >= _order.Limit));

    private readonly void Publish(in InstanceMap map)
    {
        Volatile.Write(ref map.Status.Sent, _sent);
        Volatile.Write(ref map.Status.Received, _received);
        Volatile.Write(ref map.Status.Errors, _errors);
    }

    private void Finish(ref InstanceState state, bool done)
    {
        if (_isDone || _order.Limit == 0 || !done || state.Opening.IsPending)
        {
            return;
        }

        _isDone = true;
        Volatile.Write(ref state.Map.Status.WorkloadTicks, Cpu.ReadTsc() - _startTsc);
        Volatile.Write(ref state.Map.Status.WorkloadDone, 1);
    }
}
