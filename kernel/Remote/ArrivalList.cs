using Atoll.Channels;

namespace Atoll.Remote;

/// <summary>Imports that wait at an end of a channel until its program takes them: first come, first taken.</summary>
public static class ArrivalList
{
    /// <summary>The one that came first.</summary>
    /// <param name="end">The end.</param>
    /// <param name="number">Its number.</param>
    /// <returns>False when none waits.</returns>
    [MustUse]
    public static bool TryFirst(ref readonly ChannelEntry end, out uint number)
    {
        number = end.FirstArrived - 1;
        return end.FirstArrived != 0;
    }

    /// <summary>One more waits, behind the others.</summary>
    /// <param name="imports">All of them.</param>
    /// <param name="end">The end that it waits at.</param>
    /// <param name="number">Its number.</param>
    public static void Add(ref readonly CrossingTable imports, ref ChannelEntry end, uint number)
    {
        uint last = end.FirstArrived;
        if (last == 0)
        {
            end.FirstArrived = number + 1;
        }
        else
        {
            // As many as the program has not taken: a few.
            while (imports[last - 1].NextArrived != 0)
            {
                last = imports[last - 1].NextArrived;
            }

            imports[last - 1].NextArrived = number + 1;
        }

        end.Arrived++;
    }

    /// <summary>One that waits does so no more.</summary>
    /// <param name="imports">All of them.</param>
    /// <param name="end">The end that it waits at.</param>
    /// <param name="number">Its number.</param>
    public static void Remove(ref readonly CrossingTable imports, ref ChannelEntry end, uint number)
    {
        uint next = imports[number].NextArrived;
        end.Arrived--;
        if (end.FirstArrived == number + 1)
        {
            end.FirstArrived = next;
            return;
        }

        uint before = end.FirstArrived;
        while (imports[before - 1].NextArrived != number + 1)
        {
            before = imports[before - 1].NextArrived;
        }

        imports[before - 1].NextArrived = next;
    }
}
