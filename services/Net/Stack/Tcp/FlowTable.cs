namespace Atoll.Services.Net.Stack;

/// <summary>Finds connections by their four numbers: chains in a table whose hash nobody outside can foretell.</summary>
internal static class FlowTable
{
    /// <summary>The connection of a flow, or -1.</summary>
    public static int Find(in NetStack stack, in Flow flow)
    {
        ushort index = stack.Pools.FlowBuckets[Bucket(stack, flow)];
        while (index != TcpConnection.None)
        {
            if (stack.Pools.Connections[index].Flow.Is(flow))
            {
                return index;
            }

            index = stack.Pools.Connections[index].FlowNext;
        }

        return -1;
    }

    public static void Add(in NetStack stack, int index)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        int bucket = Bucket(stack, connection.Flow);
        connection.FlowNext = stack.Pools.FlowBuckets[bucket];
        stack.Pools.FlowBuckets[bucket] = (ushort)index;
    }

    public static void Remove(in NetStack stack, int index)
    {
        ref TcpConnection removed = ref stack.Pools.Connections[index];
        ref ushort link = ref stack.Pools.FlowBuckets[Bucket(stack, removed.Flow)];
        while (link != TcpConnection.None)
        {
            if (link == index)
            {
                link = removed.FlowNext;
                return;
            }

            link = ref stack.Pools.Connections[link].FlowNext;
        }
    }

    private static int Bucket(in NetStack stack, in Flow flow) =>
        (int)stack.State.Random.Of(flow, Purpose.FlowTable) & (stack.Pools.FlowBuckets.Length - 1);
}
