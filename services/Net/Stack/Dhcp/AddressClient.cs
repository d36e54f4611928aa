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

    internal static void Take(in NetStack stack, in DhcpLease lease)
    {
        ref StackSettings own = ref stack.State.Settings;
        if (!own.Address.Is(lease.Address))
        {
            Lose(stack);
        }

        own.Address = lease.Address;
        own.SubnetMask = lease.SubnetMask;
        own.Gateway = lease.Gateway;
        own.NameServer = lease.NameServer;
    }

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
