using System;

namespace Atoll.Services.Net.Stack;

/// <summary>Connections by their earliest timer: a binary heap of indices, each connection knowing its place.</summary>
internal static class TimerHeap
{
    public static ulong Earliest(in NetStack stack) =>
        stack.State.TimerCount == 0 ? ulong.MaxValue : Key(stack, stack.Pools.Timers[0]);

    /// <summary>Sets a connection's time; 0 takes it out.</summary>
    public static void Set(in NetStack stack, int index, ulong at)
    {
        ref TcpConnection connection = ref stack.Pools.Connections[index];
        if (connection.Timers.Earliest == at)
        {
            return;
        }

        connection.Timers.Earliest = at;
        if (connection.TimerPlace == TcpConnection.None)
        {
            Place(stack, stack.State.TimerCount, (ushort)index);
            stack.State.TimerCount++;
        }
        else if (at == 0)
        {
            Remove(stack, connection.TimerPlace);
            connection.TimerPlace = TcpConnection.None;
            return;
        }

        Rise(stack, connection.TimerPlace);
        Sink(stack, connection.TimerPlace);
    }

    private static void Remove(in NetStack stack, int place)
    {
        stack.State.TimerCount--;
        int last = stack.State.TimerCount;
        if (place != last)
        {
            ushort moved = stack.Pools.Timers[last];
            Place(stack, place, moved);
            Rise(stack, place);
            Sink(stack, stack.Pools.Connections[moved].TimerPlace);
        }
    }

    private static void Rise(in NetStack stack, int place)
    {
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (Key(stack, stack.Pools.Timers[parent]) <= Key(stack, stack.Pools.Timers[place]))
            {
                return;
            }

            Swap(stack, parent, place);
            place = parent;
        }
    }

    private static void Sink(in NetStack stack, int place)
    {
        while (true)
        {
            int least = place;
            for (int child = (2 * place) + 1; child <= (2 * place) + 2 && child < stack.State.TimerCount; child++)
            {
                least = Key(stack, stack.Pools.Timers[child]) < Key(stack, stack.Pools.Timers[least]) ? child : least;
            }

            if (least == place)
            {
                return;
            }

            Swap(stack, least, place);
            place = least;
        }
    }

    private static void Swap(in NetStack stack, int left, int right)
    {
        ushort moved = stack.Pools.Timers[left];
        Place(stack, left, stack.Pools.Timers[right]);
        Place(stack, right, moved);
    }

    private static void Place(in NetStack stack, int place, ushort index)
    {
        stack.Pools.Timers[place] = index;
        stack.Pools.Connections[index].TimerPlace = (ushort)place;
    }

    private static ulong Key(in NetStack stack, ushort index) => stack.Pools.Connections[index].Timers.Earliest;
}
