namespace Atoll.Services.Net.Stack;

/// <summary>Where a packet goes: the addresses of its header and the station that gets the frame. 16 bytes.</summary>
internal struct Ipv4Route
{
    public Ipv4Address Source;
    public Ipv4Address Destination;
    public MacAddress Station;

    /// <summary>Finds the station: the host itself on our subnet, else the gateway. False while it must be asked for by ARP.</summary>
    public static bool TryFind(in NetStack stack, Ipv4Address destination, out Ipv4Route route)
    {
        ref StackSettings own = ref stack.State.Settings;
        route = new Ipv4Route { Source = own.Address, Destination = destination, Station = MacAddress.Broadcast };
        if (destination.IsLimitedBroadcast || IsSubnetBroadcast(own, destination))
        {
            return true;
        }

        return stack.State.Neighbors.TryResolve(NextHop(own, destination), stack.Now, ref stack.State.Counters, out route.Station);
    }

    public static bool IsSubnetBroadcast(in StackSettings own, Ipv4Address address) =>
        !own.Address.IsNone
        && own.SubnetMask.Value < 0xFFFF_FFFE
        && address.Value == (own.Address.Value | ~own.SubnetMask.Value);

    /// <summary>Whether packets to this address have somewhere to go.</summary>
    public static bool IsRoutable(in StackSettings own, Ipv4Address destination) =>
        !own.Address.IsNone && (IsOnLink(own, destination) || !own.Gateway.IsNone);

    public static Ipv4Address NextHop(in StackSettings own, Ipv4Address destination) =>
        IsOnLink(own, destination) || own.Gateway.IsNone ? destination : own.Gateway;

    private static bool IsOnLink(in StackSettings own, Ipv4Address destination) =>
        ((destination.Value ^ own.Address.Value) & own.SubnetMask.Value) == 0;
}
