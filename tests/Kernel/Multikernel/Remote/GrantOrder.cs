using Atoll.Abi;
using Atoll.Cap;
using Atoll.Channels;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>Frames that are given over a channel are taken in the order in which they were given, whichever kernel brings them; some are revoked before they are taken.</summary>
internal sealed class GrantOrder
{
    private readonly Dictionary<(ulong Epoch, uint Core, uint End), Direction> _directions = [];

    /// <summary>A grant was accepted by the giver's kernel.</summary>
    /// <param name="end">The giver's end.</param>
    /// <param name="core">Its core.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="slot">What is given.</param>
    public void Given(ref readonly ChannelEntry end, uint core, uint number, ref readonly CapabilitySlot slot)
    {
        if (slot.Type == CapabilityType.Frame)
        {
            Of(end.Epoch, core, number).Given.Add(slot.Object);
        }
    }

    /// <summary>A grant was taken. No frame may come before one that came behind it when they were given.</summary>
    /// <param name="end">The taker's end.</param>
    /// <param name="slot">What it got.</param>
    public void Taken(ref readonly ChannelEntry end, ref readonly CapabilitySlot slot)
    {
        if (slot.Type != CapabilityType.Frame)
        {
            return;
        }

        Direction way = Of(end.Epoch, end.Peer, end.PeerNumber);
        int place = way.Given.IndexOf(slot.Object, way.Taken);
        Assert.True(place >= 0, $"frame {slot.Object:x} comes from end {end.PeerNumber} of core {end.Peer} behind what was given after it, or was not given");
        way.Taken = place + 1;
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
    }
}
