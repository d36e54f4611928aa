using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Puts datagrams together. Source: RFC 791, "Fragmentation and Reassembly"; RFC 1122, "Reassembly".</summary>
/// <remarks>
/// Fragments that overlap in part are an attack or a fault, never a service: the whole datagram is dropped (as RFC 5722 does for IPv6).
/// A source has few places, and the oldest datagram gives way.
/// </remarks>
internal static class Ipv4Fragments
{
    /// <summary>Takes one fragment.</summary>
    /// <returns><see cref="FrameOutcome.None"/> when the datagram is complete: its payload is in <paramref name="whole"/>.</returns>
    public static FrameOutcome Receive(
        in NetStack stack, in Ipv4Header header, ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> whole, out int place)
    {
        whole = default;
        place = -1;
        if (header.HasMoreFragments && (payload.Length == 0 || payload.Length % 8 != 0))
        {
            return FrameOutcome.FragmentInvalid;
        }

        if (header.FragmentOffset + payload.Length > StackLimits.DatagramBytes)
        {
            return FrameOutcome.FragmentTooLarge;
        }

        place = Find(stack, header);
        if (place < 0 && !TryTake(stack, header, out place))
        {
            return FrameOutcome.FragmentQuota;
        }

        ref Reassembly entry = ref stack.Pools.Reassemblies[place];
        FrameOutcome outcome = Add(ref entry, header, payload.Length);
        if (outcome == FrameOutcome.FragmentInvalid)
        {
            Drop(stack, place);
        }

        if (outcome != FrameOutcome.None)
        {
            return outcome;
        }

        Span<byte> bytes = stack.Pools.ReassemblyBytes.Slice(place * StackLimits.DatagramBytes, StackLimits.DatagramBytes);
        payload.CopyTo(bytes.Slice(header.FragmentOffset, payload.Length));
        if (!entry.IsComplete)
        {
            return FrameOutcome.FragmentHeld;
        }

        stack.State.Counters.Count(StackEvent.ReassembliesDone);
        whole = bytes.Slice(0, entry.TotalBytes);
        return FrameOutcome.None;
    }

    /// <summary>Gives the place of a datagram back that has been used.</summary>
    public static void Release(in NetStack stack, int place)
    {
        stack.Pools.Reassemblies[place].IsUsed = false;
        stack.State.ReassembliesUsed--;
    }

    /// <summary>Gives up what has waited too long.</summary>
    public static void Expire(in NetStack stack)
    {
        for (int index = 0; index < stack.Pools.Reassemblies.Length && stack.State.ReassembliesUsed != 0; index++)
        {
            ref Reassembly entry = ref stack.Pools.Reassemblies[index];
            if (entry.IsUsed && stack.Now >= entry.Since + StackLimits.ReassemblyTime)
            {
                Drop(stack, index);
            }
        }
    }

    public static ulong NextDeadline(in NetStack stack)
    {
        ulong next = ulong.MaxValue;
        for (int index = 0; index < stack.Pools.Reassemblies.Length && stack.State.ReassembliesUsed != 0; index++)
        {
            ref Reassembly entry = ref stack.Pools.Reassemblies[index];
            next = entry.IsUsed ? Arithmetic.Min(next, entry.Since + StackLimits.ReassemblyTime) : next;
        }

        return next;
    }

    // Decides on the whole fragment before any of it is noted.
    private static FrameOutcome Add(ref Reassembly entry, in Ipv4Header header, int length)
    {
        int first = header.FragmentOffset / 8;
        int end = (header.FragmentOffset + length + 7) / 8;
        int had = 0;
        for (int unit = first; unit < end; unit++)
        {
            had += entry.HasUnit(unit) ? 1 : 0;
        }

        int total = header.HasMoreFragments ? entry.TotalBytes : header.FragmentOffset + length;
        bool contradicts = (entry.TotalBytes != 0 && entry.TotalBytes != total)
            || (total != 0 && Arithmetic.Max(end, entry.UnitEnd) * 8 > ((total + 7) & ~7))
            || total == 0 && !header.HasMoreFragments;
        if (contradicts || (had != 0 && had != end - first))
        {
            return FrameOutcome.FragmentInvalid;
        }

        if (had != 0)
        {
            return FrameOutcome.FragmentDuplicate;
        }

        for (int unit = first; unit < end; unit++)
        {
            entry.AddUnit(unit);
        }

        entry.TotalBytes = total;
        entry.UnitEnd = Arithmetic.Max(entry.UnitEnd, end);
        return FrameOutcome.None;
    }

    private static int Find(in NetStack stack, in Ipv4Header header)
    {
        for (int index = 0; index < stack.Pools.Reassemblies.Length; index++)
        {
            if (stack.Pools.Reassemblies[index].Is(header))
            {
                return index;
            }
        }

        return -1;
    }

    private static bool TryTake(in NetStack stack, in Ipv4Header header, out int place)
    {
        place = -1;
        int own = 0;
        for (int index = 0; index < stack.Pools.Reassemblies.Length; index++)
        {
            ref Reassembly entry = ref stack.Pools.Reassemblies[index];
            own += entry.IsUsed && entry.Source.Is(header.Source) ? 1 : 0;
            if (place < 0 || IsBetter(entry, stack.Pools.Reassemblies[place]))
            {
                place = index;
            }
        }

        if (place < 0 || own >= StackLimits.ReassembliesPerSource)
        {
            return false;
        }

        if (stack.Pools.Reassemblies[place].IsUsed)
        {
            Drop(stack, place);
        }

        stack.State.ReassembliesUsed++;
        stack.Pools.Reassemblies[place] = new Reassembly
        {
            IsUsed = true,
            Source = header.Source,
            Destination = header.Destination,
            Identification = header.Identification,
            Protocol = header.Protocol,
            Since = stack.Now,
        };
        return true;
    }

    // A free place before a used one, an old one before a young one.
    private static bool IsBetter(in Reassembly candidate, in Reassembly best) =>
        best.IsUsed && (!candidate.IsUsed || candidate.Since < best.Since);

    private static void Drop(in NetStack stack, int place)
    {
        Release(stack, place);
        stack.State.Counters.Count(StackEvent.ReassembliesDropped);
    }
}
