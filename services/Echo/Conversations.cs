using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Lib.Sockets;

namespace Atoll.Services.Echo;

/// <summary>A connection, and what of it has not been sent back yet.</summary>
internal struct Conversation
{
    internal Socket Socket;
    internal bool IsOpen;

    /// <summary>The peer has sent everything: ours ends behind what is left.</summary>
    internal bool IsEnding;
    internal int From;
    internal int To;
}

/// <summary>Connections that are open, each with a buffer of its own: what a slow reader does not take waits there, and nothing more is read for it.</summary>
[NonCopyable]
internal struct Conversations
{
    /// <summary>Most connections.</summary>
    internal const int Most = 32;

    /// <summary>Bytes of each.</summary>
    internal const int BufferBytes = 16 * 1024;

    private Entries _entries;

    /// <summary>A connection.</summary>
    internal static ref Conversation At(ref Conversations all, int index) => ref all._entries[index];

    /// <summary>Its buffer.</summary>
    internal static Span<byte> Buffer(MemoryRegion store, int index) => store.Bytes.Slice(index * BufferBytes, BufferBytes);

    /// <summary>Finds a connection.</summary>
    /// <returns><see cref="Most"/>: it is not open.</returns>
    internal static int Find(ref readonly Conversations all, Socket socket)
    {
        int index = 0;
        while (index < Most && !(all._entries[index].IsOpen && all._entries[index].Socket.Is(socket)))
        {
            index++;
        }

        return index;
    }

    /// <summary>Opens a place.</summary>
    /// <returns><see cref="Most"/>: all are taken.</returns>
    internal static int Open(ref Conversations all, Socket socket)
    {
        int index = 0;
        while (index < Most && all._entries[index].IsOpen)
        {
            index++;
        }

        if (index < Most)
        {
            all._entries[index] = new Conversation { Socket = socket, IsOpen = true };
        }

        return index;
    }

    [InlineArray(Most)]
    private struct Entries
    {
        private Conversation _entry0;
    }
}
