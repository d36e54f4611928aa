using System.Runtime.CompilerServices;

namespace Atoll.Services.Http.Engine;

/// <summary>What a server counts besides <see cref="RequestFault"/>.</summary>
public enum HttpEvent
{
    /// <summary>A connection began.</summary>
    ConnectionsOpened,

    /// <summary>A connection ended.</summary>
    ConnectionsClosed,

    /// <summary>
    /// A head was read that nothing is wrong with. Each ends in an answer, a fault of its content, or with its connection.
    /// </summary>
    Requests,

    /// <summary>An answer of the class 2xx was begun.</summary>
    Successes,

    /// <summary>An answer of the class 3xx was begun.</summary>
    Redirections,

    /// <summary>An answer of the class 4xx was begun.</summary>
    ClientErrors,

    /// <summary>An answer of the class 5xx was begun.</summary>
    ServerErrors,

    /// <summary>A client was told to go on.</summary>
    Continues,

    /// <summary>Bytes that came in.</summary>
    BytesReceived,

    /// <summary>Bytes that went out.</summary>
    BytesSent,

    /// <summary>A connection ended because nothing was asked.</summary>
    IdleEnds,

    /// <summary>A connection was cut because its client did not take the answer.</summary>
    SlowReaders,

    /// <summary>A connection was cut because the application broke its word.</summary>
    ApplicationFaults,

    /// <summary>How many there are.</summary>
    Count,
}

/// <summary>What a server has counted since it began. Counters only grow; they wrap after 2^64.</summary>
public struct HttpCounters
{
    private FaultCounts _faults;
    private EventCounts _events;

    /// <summary>Requests that were refused for this.</summary>
    public readonly ulong Of(RequestFault fault) => _faults[(int)fault];

    /// <summary>Times that this happened.</summary>
    public readonly ulong Of(HttpEvent happened) => _events[(int)happened];

    /// <summary>Requests that were refused, all causes.</summary>
    public readonly ulong Refused
    {
        get
        {
            ulong sum = 0;
            for (int fault = 0; fault < (int)RequestFault.Count; fault++)
            {
                sum += _faults[fault];
            }

            return sum;
        }
    }

    internal void Count(RequestFault fault) => _faults[(int)fault]++;

    internal void Count(HttpEvent happened) => _events[(int)happened]++;

    internal void Add(HttpEvent happened, int amount) => _events[(int)happened] += (ulong)amount;

    [InlineArray((int)RequestFault.Count)]
    private struct FaultCounts
    {
        private ulong _first;
    }

    [InlineArray((int)HttpEvent.Count)]
    private struct EventCounts
    {
        private ulong _first;
    }
}
