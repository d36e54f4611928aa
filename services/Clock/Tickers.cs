using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Clock;

/// <summary>Who is signalled each period.</summary>
public struct Ticker
{
    /// <summary>The client's badge.</summary>
    public ulong Client;

    /// <summary>Ticks of the time-stamp counter from one to the next; 0: there is nobody.</summary>
    public ulong Period;

    /// <summary>When the next is due.</summary>
    public ulong Next;
}

/// <summary>Clients that are signalled each period. A notification that is gone ends it: its slot is empty.</summary>
public struct Tickers
{
    /// <summary>Most clients.</summary>
    public const uint Most = 16;

    private Entries _entries;
    private CNodeTable _node;
    private uint _firstSlot;
    private uint _count;

    /// <summary>When the next signal is due; <see cref="Deadline.Never"/>: none is.</summary>
    public readonly ulong Earliest
    {
        get
        {
            ulong earliest = Deadline.Never;
            for (uint index = 0; index < _count; index++)
            {
                ref readonly Ticker ticker = ref _entries[(int)index];
                earliest = ticker.Period != 0 && ticker.Next < earliest ? ticker.Next : earliest;
            }

            return earliest;
        }
    }

    /// <summary>Begins.</summary>
    /// <param name="node">The program's CNode.</param>
    /// <param name="firstSlot">Its first slot for notifications.</param>
    /// <param name="count">How many.</param>
    public void Begin(CNodeTable node, uint firstSlot, uint count)
    {
        _node = node;
        _firstSlot = firstSlot;
        _count = count < Most ? count : Most;
    }

    /// <summary>A client is signalled from now on, with a notification that lies elsewhere in the CNode.</summary>
    public ClockAnswer Start(ulong client, SignalWord signal, ulong period, ulong now)
    {
        if (_node.DescribeAll((uint)signal.Address, out _, out uint rights, out _) != SystemResult.Ok
            || ((CapabilityRights)rights & CapabilityRights.Write) == 0)
        {
            return ClockAnswer.SignalUnusable;
        }

        _ = TryStop(client);
        for (uint index = 0; index < _count; index++)
        {
            if (_entries[(int)index].Period == 0)
            {
                bool isKept = _node.Move(_firstSlot + index, _node, (uint)signal.Address) == SystemResult.Ok;
                _entries[(int)index] = isKept ? new Ticker { Client = client, Period = period, Next = now + period } : default;
                return isKept ? ClockAnswer.Done : ClockAnswer.SignalUnusable;
            }
        }

        return ClockAnswer.Full;
    }

    /// <summary>A client is not signalled any more.</summary>
    /// <returns>False: it was not.</returns>
    public bool TryStop(ulong client)
    {
        for (uint index = 0; index < _count; index++)
        {
            if (_entries[(int)index].Period != 0 && _entries[(int)index].Client == client)
            {
                End(index);
                return true;
            }
        }

        return false;
    }

    /// <summary>Signals who is due. Periods that were missed are one signal, and the next comes when it would have come.</summary>
    public void Signal(ulong now)
    {
        for (uint index = 0; index < _count; index++)
        {
            ref Ticker ticker = ref _entries[(int)index];
            ulong period = ticker.Period;
            if (period == 0 || ticker.Next > now)
            {
                continue;
            }

            if (new SignalWord(_firstSlot + index).Signal() != SystemResult.Ok)
            {
                End(index);
                continue;
            }

            ticker.Next += ((now - ticker.Next) / period * period) + period;
        }
    }

    private void End(uint index)
    {
        _ = _node.Delete(_firstSlot + index);
        _entries[(int)index] = default;
    }

    [InlineArray((int)Most)]
    private struct Entries
    {
        private Ticker _ticker0;
    }
}
