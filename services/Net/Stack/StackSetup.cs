namespace Atoll.Services.Net.Stack;

/// <summary>Checks what a stack is given, and starts it.</summary>
internal static class StackSetup
{
    private const int TcpBufferMin = 4 * 1024;
    private const int TcpBufferMax = 1024 * 1024;
    private const int UdpBufferMin = 4 * 1024;

    public static SetupResult Check(in StackPools pools, in StackSettings settings)
    {
        if (settings.Mtu is < StackLimits.MtuMin or > 1500)
        {
            return SetupResult.BadMtu;
        }

        if (!IsPowerOfTwo(settings.TcpBufferBytes)
            || !IsPowerOfTwo(settings.UdpBufferBytes)
            || settings.TcpBufferBytes is < TcpBufferMin or > TcpBufferMax
            || settings.UdpBufferBytes < UdpBufferMin)
        {
            return SetupResult.BadBufferSize;
        }

        if (pools.Connections.Length is 0 or >= TcpConnection.None)
        {
            return SetupResult.BadConnectionCount;
        }

        if (!IsPowerOfTwo(pools.FlowBuckets.Length))
        {
            return SetupResult.BadFlowTable;
        }

        if (!AreLargeEnough(pools, settings))
        {
            return SetupResult.PoolTooSmall;
        }

        return settings.Mac.IsGroup || (!settings.Address.IsNone && !settings.Address.IsUnicast)
            ? SetupResult.BadAddress
            : SetupResult.Ready;
    }

    public static void Clear(in NetStack stack, in StackSettings settings)
    {
        stack.State = default;
        stack.State.Settings = settings;
        stack.State.Random.Begin(settings.Key);
        stack.State.NextPacketId = (ushort)stack.State.Random.Next();
        for (int index = 0; index < stack.Pools.FlowBuckets.Length; index++)
        {
            stack.Pools.FlowBuckets[index] = TcpConnection.None;
        }

        int last = stack.Pools.Connections.Length - 1;
        for (int index = 0; index <= last; index++)
        {
            ref TcpConnection connection = ref stack.Pools.Connections[index];
            connection = default;
            connection.TimerPlace = TcpConnection.None;
            connection.QueueNext = index == last ? TcpConnection.None : (ushort)(index + 1);
        }

        stack.Pools.Listeners.Clear();
        stack.Pools.UdpSockets.Clear();
        stack.Pools.Reassemblies.Clear();
    }

    // Multiplied as longs: sizes are at most 1 MiB, counts at most 65534.
    private static bool AreLargeEnough(in StackPools pools, in StackSettings settings)
    {
        int connections = pools.Connections.Length;
        int sockets = pools.UdpSockets.Length;
        return pools.ConnectionBytes.Length >= 2L * connections * settings.TcpBufferBytes
            && pools.UdpBytes.Length >= 2L * sockets * settings.UdpBufferBytes
            && pools.Timers.Length >= connections
            && pools.ReadyQueue.Length >= connections + sockets
            && pools.EventQueue.Length >= connections + sockets + pools.Listeners.Length
            && pools.ReassemblyBytes.Length >= (long)pools.Reassemblies.Length * StackLimits.DatagramBytes
            && pools.ReplyBytes.Length >= StackLimits.ReplyCount * StackLimits.FrameBytes;
    }

    private static bool IsPowerOfTwo(int value) => value > 0 && (value & (value - 1)) == 0;
}
