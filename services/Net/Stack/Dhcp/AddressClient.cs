namespace Atoll.Services.Net.Stack;

/// <summary>Asks the network for an address.</summary>
public static class AddressClient
{
    /// <summary>Starts the DHCP client. Connections from an address that we had end.</summary>
    public static void Start(in NetStack stack)
    {
        Lose(stack);
        stack.State.Dhcp.Start(stack);
    }

    /// <summary>How far it is; the address is in <see cref="StackState.Settings"/>.</summary>
    public static DhcpState StateOf(in NetStack stack) => stack.State.Dhcp.State;

    /// <summary>Takes an address that another stack of the machine has asked for. Connections from another that we had end.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="address">Our address; none: we have none any more.</param>
    /// <param name="mask">Bits of it that name the subnet.</param>
    /// <param name="gateway">Router.</param>
    /// <param name="names">Name server.</param>
    public static void Take(in NetStack stack, Ipv4Address address, Ipv4Address mask, Ipv4Address gateway, Ipv4Address names)
    {
        ref StackSettings own = ref stack.State.Settings;
        if (!own.Address.Is(address))
        {
            Lose(stack);
        }

        own.Address = address;
        own.SubnetMask = mask;
        own.Gateway = gateway;
        own.NameServer = names;
    }

    internal static void Take(in NetStack stack, in DhcpLease lease) =>
        Take(stack, lease.Address, lease.SubnetMask, lease.Gateway, lease.NameServer);

    internal static void Lose(in NetStack stack)
    {
        for (int index = 0; index < stack.Pools.Connections.Length; index++)
        {
            ref TcpConnection connection = ref stack.Pools.Connections[index];
            if (connection.IsUsed && connection.State != TcpState.Closed)
            {
                TcpClose.End(stack, index, ConnectionError.Unreachable);
            }
        }

        stack.State.Settings.Address = default;
    }
}
