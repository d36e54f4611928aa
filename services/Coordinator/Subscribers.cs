using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Coordinator;

/// <summary>Clients that are signalled for new events. A notification that is gone ends it: its slot is empty.</summary>
public struct Subscribers
{
    /// <summary>Most clients.</summary>
    public const uint Most = 8;

    // Badges of the clients; 0: there is nobody.
    private Badges _clients;
    private CNodeTable _node;
    private uint _firstSlot;

    /// <summary>Begins.</summary>
    /// <param name="node">The program's CNode.</param>
    /// <param name="firstSlot">The first of <see cref="Most"/> slots for notifications.</param>
    public void Begin(CNodeTable node, uint firstSlot)
    {
        _node = node;
        _firstSlot = firstSlot;
    }

    /// <summary>A client is signalled from now on, with a notification that lies elsewhere in the CNode.</summary>
    public CoresAnswer Add(ulong client, SignalWord signal)
    {
        if (_node.DescribeAll((uint)signal.Address, out _, out uint rights, out _) != SystemResult.Ok
            || ((CapabilityRights)rights & CapabilityRights.Write) == 0)
        {
            return CoresAnswer.SignalUnusable;
        }

        _ = TryRemove(client);
        for (uint index = 0; index < Most; index++)
        {
            if (_clients[(int)index] == 0)
            {
                bool isKept = _node.Move(_firstSlot + index, _node, (uint)signal.Address) == SystemResult.Ok;
                _clients[(int)index] = isKept ? client : 0;
                return isKept ? CoresAnswer.Done : CoresAnswer.SignalUnusable;
            }
        }

        return CoresAnswer.Full;
    }

    /// <summary>A client is not signalled any more.</summary>
    /// <returns>False: it was not.</returns>
    public bool TryRemove(ulong client)
    {
        for (uint index = 0; index < Most; index++)
        {
            if (_clients[(int)index] == client)
            {
                End(index);
                return true;
            }
        }

        return false;
    }

    /// <summary>Signals everybody.</summary>
    public void Signal()
    {
        for (uint index = 0; index < Most; index++)
        {
            if (_clients[(int)index] != 0 && new SignalWord(_firstSlot + index).Signal() != SystemResult.Ok)
            {
                End(index);
            }
        }
    }

    private void End(uint index)
    {
        _ = _node.Delete(_firstSlot + index);
        _clients[(int)index] = 0;
    }

    [InlineArray((int)Most)]
    private struct Badges
    {
        private ulong _badge0;
    }
}
