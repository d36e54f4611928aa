using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What is given over a channel is taken at most once; frames in the order in which they were given, whichever kernel brings them; some are revoked before they are taken.</summary>
/// <param name="isHostile">Which kernels say anything: of their own objects, and over their own channels.</param>
internal sealed class GrantOrder(Func<uint, bool> isHostile)
{
    private readonly Dictionary<(ulong Epoch, uint Core, uint End), Direction> _directions = [];

    /// <summary>A grant was accepted by the giver's kernel.</summary>
    /// <param name="end">The giver's end.</param>
    /// <param name="core">Its core.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="slot">What is given.</param>
    public void Given(ref readonly ChannelEntry end, uint core, uint number, ref readonly CapabilitySlot slot)
    {
        Direction way = Of(end.Epoch, core, number);
        way.GivenCount++;
        if (slot.Type == CapabilityType.Frame)
        {
            way.Given.Add(slot.Object);
        }
    }

    /// <summary>A grant was taken. No frame may come before one that came behind it when they were given.</summary>
    /// <param name="end">The taker's end.</param>
    /// <param name="slot">What it got.</param>
    public void Taken(ref readonly ChannelEntry end, ref readonly CapabilitySlot slot)
    {
        if (isHostile(end.Peer))
        {
            return;
        }

        Direction way = Of(end.Epoch, end.Peer, end.PeerNumber);
        string where = $"end {end.PeerNumber} of core {end.Peer}";
        Assert.True(++way.TakenCount <= way.GivenCount, $"{where} has given {way.GivenCount}, and the other end has taken {way.TakenCount}");
        if (slot.Type != CapabilityType.Frame || isHostile(RemotePrograms.OwnerOf(slot.Object)))
        {
            return;
        }

        int place = way.Given.IndexOf(slot.Object, way.Taken);
        Assert.True(place >= 0, $"frame {slot.Object:x} comes from {where} behind what was given after it, or was not given");
        way.Taken = place + 1;
    }

    /// <summary>How many of those that were given over a channel were not taken and do not wait.</summary>
    /// <param name="end">The giver's end.</param>
    /// <param name="core">Its core.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="waiting">How many wait at the other end.</param>
    public int Missing(ref readonly ChannelEntry end, uint core, uint number, int waiting)
    {
        Direction way = Of(end.Epoch, core, number);
        return way.GivenCount - way.TakenCount - waiting;
    }

    private Direction Of(ulong epoch, uint core, uint end)
    {
        if (!_directions.TryGetValue((epoch, core, end), out Direction? way))
        {
            _directions[(epoch, core, end)] = way = new Direction();
        }

        return way;
    }

    private sealed class Direction
    {
        public List<ulong> Given { get; } = [];

        public int Taken { get; set; }

        public int GivenCount { get; set; }

        public int TakenCount { get; set; }
    }
}
