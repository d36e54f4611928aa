using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Iperf;

/// <summary>A connection that carries bytes of the test.</summary>
internal struct TestStream
{
    internal Socket Socket;

    /// <summary>Bytes of the cookie that were compared.</summary>
    internal int Known;

    /// <summary>It does not have the test's cookie.</summary>
    internal bool IsForeign;

    /// <summary>Bytes that came, or that were sent.</summary>
    internal ulong Bytes;

    /// <summary>The peer has ended it.</summary>
    internal bool HasEnded;
}

/// <summary>All of a test, in the order in which they were opened.</summary>
[NonCopyable]
internal struct TestStreams
{
    private Entries _entries;

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    /// <summary>One of them.</summary>
    internal static ref TestStream At(ref TestStreams streams, int index) => ref streams._entries[index];

    /// <summary>Another.</summary>
    internal void Add(Socket socket) => _entries[Count++] = new TestStream { Socket = socket };

    /// <summary>One was none of the test's.</summary>
    internal void Remove(int index)
    {
        Count--;
        for (; index < Count; index++)
        {
            _entries[index] = _entries[index + 1];
        }
    }

    /// <summary>Finds one.</summary>
    /// <returns><see cref="Count"/>: it is none of them.</returns>
    internal readonly int Find(Socket socket)
    {
        int index = 0;
        while (index < Count && !_entries[index].Socket.Is(socket))
        {
            index++;
        }

        return index;
    }

    /// <summary>Bytes of all.</summary>
    internal readonly ulong Bytes
    {
        get
        {
            ulong bytes = 0;
            for (int index = 0; index < Count; index++)
            {
                bytes += _entries[index].Bytes;
            }

            return bytes;
        }
    }

    [InlineArray((int)TestOrder.StreamsMax)]
    private struct Entries
    {
        private TestStream _entry0;
    }
}
