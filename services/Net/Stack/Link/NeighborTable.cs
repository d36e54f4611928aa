using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>What is known of one address on the link.</summary>
internal enum NeighborState : byte
{
    Free,

    /// <summary>Asked for, no answer yet.</summary>
    Awaited,

    /// <summary>Known.</summary>
    Known,
}

/// <summary>One address on the link.</summary>
internal struct Neighbor
{
    public NeighborState State;
    public byte Tries;

    /// <summary>A request is to be sent.</summary>
    public bool IsRequestDue;
    public Ipv4Address Address;
    public MacAddress Mac;

    /// <summary>When it was last confirmed; while awaited, when the last request was due.</summary>
    public ulong Since;
    public ulong LastUsed;
}

/// <summary>Places of the table.</summary>
[InlineArray(StackLimits.NeighborCount)]
internal struct Neighbors
{
    private Neighbor _first;
}

/// <summary>Ethernet addresses of IPv4 addresses. Source: RFC 826; RFC 1122, "Address Resolution Protocol".</summary>
/// <remarks>The one that was not used for longest gives way, so a flood of strangers does not push the gateway out.</remarks>
internal struct NeighborTable
{
    public Neighbors Entries;

    // Most calls find nothing to do, and are not to look at every place for that. Requests that are due; and when to look next, at the latest: 0, never.
    private int _requests;
    private ulong _lookAt;

    /// <summary>Finds where packets to an address go; if that is not known, a request becomes due.</summary>
    public bool TryResolve(Ipv4Address address, ulong now, ref StackCounters counters, out MacAddress mac)
    {
        mac = default;
        int index = Find(address);
        if (index < 0)
        {
            index = Take(ref counters);
            Entries[index] = new Neighbor { State = NeighborState.Awaited, Address = address, IsRequestDue = true, Since = now };
            _requests++;
        }

        ref Neighbor entry = ref Entries[index];
        entry.LastUsed = now;
        if (entry.State != NeighborState.Known)
        {
            return false;
        }

        mac = entry.Mac;
        return true;
    }

    /// <summary>Notes what an ARP packet says of its sender; strangers are only taken in when they ask for us.</summary>
    /// <returns>Whether somebody was waiting for it.</returns>
    public bool Learn(Ipv4Address address, MacAddress mac, bool isStrangerWelcome, ulong now, ref StackCounters counters)
    {
        int index = Find(address);
        if (index < 0)
        {
            if (!isStrangerWelcome)
            {
                return false;
            }

            index = Take(ref counters);
            Entries[index] = new Neighbor { Address = address, LastUsed = now };
        }

        ref Neighbor entry = ref Entries[index];
        bool wasAwaited = entry.State == NeighborState.Awaited;
        entry.State = NeighborState.Known;
        entry.Mac = mac;
        entry.Since = now;
        entry.Tries = 0;
        Settle(ref entry);
        LookBy(DueAt(entry));
        return wasAwaited;
    }

    /// <summary>The address that a request is due for, once.</summary>
    public bool TryTakeRequest(ulong now, out Ipv4Address address)
    {
        for (int index = 0; index < StackLimits.NeighborCount && _requests != 0; index++)
        {
            ref Neighbor entry = ref Entries[index];
            if (entry.IsRequestDue)
            {
                Settle(ref entry);
                entry.Tries++;
                entry.Since = now;
                LookBy(DueAt(entry));
                address = entry.Address;
                return true;
            }
        }

        address = default;
        return false;
    }

    /// <summary>Asks again where it is time, forgets what is old, and says who did not answer.</summary>
    public bool TryTakeFailure(ulong now, out Ipv4Address address)
    {
        address = default;
        if (now < NextDeadline())
        {
            return false;
        }

        _lookAt = 0;
        for (int index = 0; index < StackLimits.NeighborCount; index++)
        {
            ref Neighbor entry = ref Entries[index];
            if (now < DueAt(entry))
            {
                LookBy(DueAt(entry));
                continue;
            }

            if (entry.State == NeighborState.Known)
            {
                entry.State = NeighborState.Free;
            }
            else if (entry.Tries < StackLimits.ArpTries)
            {
                entry.IsRequestDue = true;
                _requests++;
            }
            else
            {
                // Those behind it have not been looked at: once more, then.
                LookBy(now);
                address = entry.Address;
                entry.State = NeighborState.Free;
                return true;
            }
        }

        return false;
    }

    /// <summary>When <see cref="TryTakeFailure"/> is to look. What has been confirmed meanwhile makes it later than it says.</summary>
    public readonly ulong NextDeadline() => _lookAt == 0 ? ulong.MaxValue : _lookAt;

    public readonly bool HasRequestDue() => _requests != 0;

    private void LookBy(ulong time)
    {
        if (time < NextDeadline())
        {
            // 0 stands for never.
            _lookAt = time == 0 ? 1 : time;
        }
    }

    private void Settle(ref Neighbor entry)
    {
        _requests -= entry.IsRequestDue ? 1 : 0;
        entry.IsRequestDue = false;
    }

    private static ulong DueAt(in Neighbor entry) => entry.State switch
    {
        NeighborState.Known => entry.Since + StackLimits.NeighborAge,
        NeighborState.Awaited when !entry.IsRequestDue => entry.Since + StackLimits.Second,
        _ => ulong.MaxValue,
    };

    private readonly int Find(Ipv4Address address)
    {
        for (int index = 0; index < StackLimits.NeighborCount; index++)
        {
            if (Entries[index].State != NeighborState.Free && Entries[index].Address.Is(address))
            {
                return index;
            }
        }

        return -1;
    }

    private int Take(ref StackCounters counters)
    {
        int oldest = 0;
        for (int index = 0; index < StackLimits.NeighborCount; index++)
        {
            if (Entries[index].State == NeighborState.Free)
            {
                return index;
            }

            oldest = Entries[index].LastUsed < Entries[oldest].LastUsed ? index : oldest;
        }

        counters.Count(StackEvent.ArpEvictions);
        Settle(ref Entries[oldest]);
        return oldest;
    }
}
