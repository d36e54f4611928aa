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
    private const uint HalfRound = 1U << 31;

    private WorkloadOrder _order;
    private CoreSet _hearers;
    private CoreSet _senders;
    private uint _core;
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
        ref WorkStatus status = ref WorkStatus.Of(ref state.Map.Status);
        Volatile.Write(ref status.Done, 0);
        workload.Begin(in order, state.Core);
        for (int peer = 0; peer < WorkStatus.PeersMax; peer++)
        {
            PairTraffic.Clear(ref status.Pairs[peer]);
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
    public readonly bool HasPartners => !_hearers.IsEmpty;

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
        if (!order.HasPartnersOf(core))
        {
            return;
        }

        _isFirst = order.Cores.Next(Limits.InstanceCountMax - 1) == core;
        if (order.Kind is WorkloadKind.Matrix or WorkloadKind.Storm)
        {
            _hearers = order.Cores;
            _hearers.Remove(core);
            _senders = _hearers;
            return;
        }

        uint last = core;
        for (uint next = order.Cores.Next(core); next != core; next = order.Cores.Next(next))
        {
            last = next;
        }

        _hearers.Add(order.Cores.Next(core));
        _senders.Add(last);
    }

    /// <summary>Whether the workload sends to a peer.</summary>
    public readonly bool SendsTo(uint peer) => _hearers.Has(peer);

    /// <summary>Whether the workload expects messages from a peer.</summary>
    public readonly bool HearsFrom(uint peer) => _senders.Has(peer);

    // A link to every partner that has none.
    private readonly void WantPartners(ref InstanceState state)
    {
        for (uint peer = 0; peer < WorkStatus.PeersMax; peer++)
        {
            if ((SendsTo(peer) || HearsFrom(peer)) && LinkTable.Find(in state.Map, peer) == LinkTable.None)
            {
                state.Opening.Want(peer);
            }
        }
    }

    /// <summary>A link was opened, to somebody new or to one in its next life: there may be something to send at once.</summary>
    public static void Open(ref InstanceState state, uint peer)
    {
        ref Workload workload = ref Of(ref state);
        workload._hasMore |= workload.SendsTo(peer);
        Forget(ref state, peer);
    }

    /// <summary>A link is gone: what passed on it counts no more.</summary>
    public static void Forget(ref InstanceState state, uint peer)
    {
        if (peer < WorkStatus.PeersMax)
        {
            PairTraffic.Clear(ref WorkStatus.Of(ref state.Map.Status).Pairs[(int)peer]);
        }
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
        ref WorkStatus status = ref WorkStatus.Of(ref state.Map.Status);
        for (uint position = 0; position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            if (workload.SendsTo(entry.Link.Peer) && IsThere(in entry))
            {
                more |= workload.SendTo(ref entry, ref status.Pairs[(int)entry.Link.Peer]);
            }
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
        ref WorkStatus status = ref WorkStatus.Of(ref state.Map.Status);
        for (uint position = 0; done && position < state.LinkCount; position++)
        {
            ref LinkEntry entry = ref state.Map.Link(position);
            uint peer = entry.Link.Peer;
            bool isPartner = (workload.SendsTo(peer) || workload.HearsFrom(peer)) && IsThere(in entry);
            done = !isPartner || workload.IsDoneWith(in entry, in status.Pairs[(int)peer]);
        }

        workload.Publish(ref status);
        workload.Finish(in state, ref status, done);
    }

    /// <summary>Deals with a workload message.</summary>
    /// <remarks>A call, so that a trace shows where the handler of a message begins (bench/WakePath.cs).</remarks>
    /// <returns>False when it is none.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Receive(ref InstanceState state, uint peer, in LinkMessage message)
    {
        if (message.Kind is not ((uint)TrialMessage.Traffic or (uint)TrialMessage.Token) || peer >= WorkStatus.PeersMax)
        {
            return false;
        }

        ref Workload workload = ref Of(ref state);
        ref PairTraffic pair = ref WorkStatus.Of(ref state.Map.Status).Pairs[(int)peer];
        uint due = Volatile.Read(ref pair.Received);
        Volatile.Write(ref pair.Received, due + 1);
        if (TrafficMessage.Verify(in message, due) == TrafficCheck.Good)
        {
            workload._received++;
        }
        else
        {
            workload._errors++;
            Volatile.Write(ref pair.Errors, Volatile.Read(ref pair.Errors) + 1);
        }

        return true;
    }

    // A place whose link is gone is kept until that has been told.
    private static bool IsThere(in LinkEntry entry) => entry.IsUsed && !entry.OwesRelease;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SendTo(ref LinkEntry entry, ref PairTraffic pair)
    {
        switch (_order.Kind)
        {
            case WorkloadKind.Doorbell:
                // The lowest core begins; everybody else sends as many as it has received.
                ulong due = _received + (_isFirst ? 1UL : 0);
                return SendBatch(ref entry, ref pair, TrialMessage.Token, TokensLeft(in pair, due));

            case WorkloadKind.Storm:
                SendQuestion(ref entry);
                return SendBatch(ref entry, ref pair, TrialMessage.Traffic, uint.MaxValue);

            default:
                return SendBatch(ref entry, ref pair, TrialMessage.Traffic, MessagesLeft(in pair));
        }
    }

    private bool SendBatch(ref LinkEntry entry, ref PairTraffic pair, TrialMessage kind, uint count)
    {
        uint number = Volatile.Read(ref pair.Sent);
        for (uint sent = 0; sent < count; sent++)
        {
            if (sent == Limits.RingBatchMax)
            {
                return true;
            }

            TrafficMessage.Make(kind, number, _core, out LinkMessage message);
            if (entry.Link.TrySend<CoherentMemory>(ref message) != LinkSendResult.Sent)
            {
                _isBlocked = true;
                return false;
            }

            number++;
            Volatile.Write(ref pair.Sent, number);
            _sent++;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint MessagesLeft(in PairTraffic pair)
    {
        uint sent = Volatile.Read(in pair.Sent);
        return _order.Limit == 0 ? uint.MaxValue : sent < _order.Limit ? _order.Limit - sent : 0;
    }

    // Without a limit numbers go round: what lies more than half a round ahead has been sent.
    private readonly uint TokensLeft(in PairTraffic pair, ulong due)
    {
        uint left = (uint)due - Volatile.Read(in pair.Sent);
        uint most = MessagesLeft(in pair);
        return left > HalfRound ? 0 : left < most ? left : most;
    }

    private readonly void SendQuestion(ref LinkEntry entry)
    {
        if (!entry.AwaitsPong && entry.Pongs < _order.Limit)
        {
            LinkTurn.Ask(ref entry);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsDoneWith(in LinkEntry entry, in PairTraffic pair) => _order.Limit != 0 && (_order.Kind == WorkloadKind.Storm
        ? entry.Pongs >= _order.Limit
        : (!SendsTo(entry.Link.Peer) || Volatile.Read(in pair.Sent) >= _order.Limit)
            && (!HearsFrom(entry.Link.Peer) || Volatile.Read(in pair.Received) >= _order.Limit));

    private readonly void Publish(ref WorkStatus status)
    {
        Volatile.Write(ref status.Sent, _sent);
        Volatile.Write(ref status.Received, _received);
        Volatile.Write(ref status.Errors, _errors);
    }

    private void Finish(in InstanceState state, ref WorkStatus status, bool done)
    {
        if (_isDone || _order.Limit == 0 || !done || state.Opening.IsPending)
        {
            return;
        }

        _isDone = true;
        Volatile.Write(ref status.Ticks, Cpu.ReadTsc() - _startTsc);
        Volatile.Write(ref status.Done, 1);
    }
}
