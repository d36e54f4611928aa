using System.Runtime.CompilerServices;
using System.Threading;
using Atoll.Base;

namespace Atoll.Instance;

/// <summary>What the workload has done with one partner.</summary>
public struct PairTraffic
{
    /// <summary>Messages sent.</summary>
    public ulong Sent;

    /// <summary>Messages received, right or wrong: the number that is due next.</summary>
    public ulong Received;

    /// <summary>Messages received and wrong.</summary>
    public ulong Errors;

    /// <summary>Whether the status page does not tell yet what happened.</summary>
    public bool IsUnpublished;

    /// <summary>Whether the workload sends to this peer.</summary>
    public bool Sends;

    /// <summary>Whether the workload expects messages from this peer.</summary>
    public bool Hears;

    /// <summary>Tells the status page about one link.</summary>
    /// <param name="map">The instance.</param>
    /// <param name="position">Position in the link table.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Publish(in InstanceMap map, uint position)
    {
        if (position >= Limits.PairReportsMax)
        {
            return;
        }

        ref LinkEntry entry = ref map.Link(position);
        entry.Traffic.IsUnpublished = false;
        ref PairReport report = ref map.Status.Pairs[(int)position];
        Volatile.Write(ref report.PeerPlusOne, entry.IsUsed ? entry.Link.Peer + 1UL : 0);
        Volatile.Write(ref report.Sent, entry.Traffic.Sent);
        Volatile.Write(ref report.Received, entry.Traffic.Received - entry.Traffic.Errors);
        Volatile.Write(ref report.Errors, entry.Traffic.Errors);
    }
}
