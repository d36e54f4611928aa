using System;

namespace Atoll.Services.Net.Stack;

/// <summary>A packet on its way in.</summary>
internal ref struct Arrival
{
    public Ipv4Header Header;

    /// <summary>Who sent the frame: answers without a connection go back there.</summary>
    public MacAddress Station;

    /// <summary>The packet from its header on; of one in pieces, the last piece.</summary>
    public ReadOnlySpan<byte> Packet;

    /// <summary>The way back.</summary>
    public readonly Ipv4Route Reverse => new() { Source = Header.Destination, Destination = Header.Source, Station = Station };
}
