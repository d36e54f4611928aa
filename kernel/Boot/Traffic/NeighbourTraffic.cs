using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Ipc;

namespace Atoll.Boot;

/// <summary>Messages to the right-hand neighbour and from the left-hand one.</summary>
public unsafe struct NeighbourTraffic
{
    private RingReceiver _left;
    private RingSender _right;
    private InstanceStatus* _leftStatus;
    private InstanceStatus* _rightStatus;
    private ulong _limit;
    private ulong _sent;
    private ulong _received;
    private ulong _errors;
    private bool _runs;
    private bool _isDone;

    /// <summary>Messages received so far, right or wrong.</summary>
    public readonly ulong Received => _received;

    /// <summary>Whether there is nothing left to do: the limit is reached on both sides, or the partner of an open side is dead.</summary>
    public readonly bool IsDone => _isDone;

    /// <summary>Takes one end of a ring.</summary>
    public void Attach(NeighbourSide side, RingSlot* slots, InstanceStatus* peer)
    {
        if (side == NeighbourSide.Left)
        {
            _left.Attach(slots, RingSlot.PerPage);
            _leftStatus = peer;
        }
        else
        {
            _right.Attach(slots, RingSlot.PerPage);
            _rightStatus = peer;
        }
    }

    /// <summary>Begins.</summary>
    /// <param name="limit">Messages each way; 0: for ever.</param>
    public void Begin(ulong limit)
    {
        _limit = limit;
        _runs = true;
    }

    /// <summary>Receives and sends what is possible now, at most <see cref="Limits.RingBatchMax"/> each.</summary>
    /// <returns>Whether anything moved.</returns>
    public static bool Poll(ref InstanceState state)
    {
        ref NeighbourTraffic traffic = ref state.Traffic;
        if (!traffic._runs || traffic._isDone)
        {
            return false;
        }

        bool moved = traffic.ReceiveBatch() | traffic.SendBatch(state.Core);
        InstanceStatus* status = state.Map.Status;
        Volatile.Write(ref status->Sent, traffic._sent);
        Volatile.Write(ref status->Received, traffic._received - traffic._errors);
        Volatile.Write(ref status->Errors, traffic._errors);
        if (!moved && traffic.SideIsDone(traffic._received, traffic._leftStatus) && traffic.SideIsDone(traffic._sent, traffic._rightStatus))
        {
            traffic._isDone = true;
            Volatile.Write(ref status->TrafficDone, 1);
        }

        return moved;
    }

    private bool ReceiveBatch()
    {
        if (!_left.IsAttached)
        {
            return false;
        }

        for (int taken = 0; taken < Limits.RingBatchMax; taken++)
        {
            if (_left.TryReceive<CoherentMemory>(out RingMessage message) != ReceiveResult.Received)
            {
                return taken != 0;
            }

            if (TrafficMessage.Verify(in message, _received) != TrafficCheck.Good)
            {
                _errors++;
            }

            _received++;
        }

        return true;
    }

    private bool SendBatch(uint core)
    {
        if (!_right.IsAttached)
        {
            return false;
        }

        for (int sent = 0; sent < Limits.RingBatchMax; sent++)
        {
            if (_limit != 0 && _sent == _limit)
            {
                return sent != 0;
            }

            RingMessage message = TrafficMessage.Make(_sent, core);
            if (_right.TrySend<CoherentMemory>(in message) != SendResult.Sent)
            {
                return sent != 0;
            }

            _sent++;
        }

        return true;
    }

    private readonly bool SideIsDone(ulong count, InstanceStatus* peer) =>
        (_limit != 0 && count >= _limit)
        || peer == null
        || Volatile.Read(ref peer->State) != (ulong)InstanceLifecycle.Healthy;
}
