namespace Atoll.Net.Tests.Simulation;

/// <summary>What a link does to frames, in parts of a thousand and microseconds.</summary>
public sealed record Impairment
{
    public int Lost { get; init; }

    public int Doubled { get; init; }

    public int Corrupted { get; init; }

    /// <summary>Frames that take up to ten times as long, and so arrive behind later ones.</summary>
    public int Delayed { get; init; }

    public int DelayMicroseconds { get; init; } = 1000;
}

/// <summary>A link between two stations: a queue of frames by arrival time, repeatable by its seed.</summary>
public sealed class SimulatedLink(Random random)
{
    private readonly PriorityQueue<(int To, byte[] Frame), (ulong At, ulong Order)> _frames = new();
    private ulong _order;

    public Impairment Impairment { get; set; } = new();

    /// <summary>Sees every frame that is sent.</summary>
    public Action<byte[]>? Tap { get; set; }

    public ulong NextArrival => _frames.TryPeek(out _, out (ulong At, ulong Order) key) ? key.At : ulong.MaxValue;

    public void Send(int to, byte[] frame, ulong now)
    {
        Tap?.Invoke(frame);
        if (Happens(Impairment.Lost))
        {
            return;
        }

        for (int copy = Happens(Impairment.Doubled) ? 2 : 1; copy > 0; copy--)
        {
            ulong delay = (ulong)Impairment.DelayMicroseconds;
            delay *= Happens(Impairment.Delayed) ? (ulong)random.Next(2, 11) : 1;
            _frames.Enqueue((to, Happens(Impairment.Corrupted) ? Corrupt(frame) : frame), (now + delay, _order++));
        }
    }

    public bool TryReceive(ulong now, out int to, out byte[] frame)
    {
        to = 0;
        frame = [];
        if (NextArrival > now)
        {
            return false;
        }

        (to, frame) = _frames.Dequeue();
        return true;
    }

    // One bit: the Internet checksum finds every one of them, so that what gets through is the stack's fault.
    private byte[] Corrupt(byte[] frame)
    {
        byte[] copy = [.. frame];
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private bool Happens(int perThousand) => perThousand > 0 && random.Next(1000) < perThousand;
}
