using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>What a program says to its stack over their channel: the meta word of a message. Nothing of it is answered but the first four.</summary>
/// <remarks>
/// Protocol <c>sockets</c>, version 2. Word 0 is the socket's number, or the number of the question. Whatever the stack hears is an allegation: numbers, places and
/// lengths are compared with what it knows, and who lies loses what he lied about.
/// </remarks>
public enum SocketRequest : uint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Opens a port for connections. Word 1: port, backlog.</summary>
    Listen,

    /// <summary>Calls a host. Word 1: address, port.</summary>
    Connect,

    /// <summary>Opens a port for datagrams. Word 1: port; 0: any that is free.</summary>
    Open,

    /// <summary>Asks for the address of a name. Word 1: place of what is sent, length.</summary>
    Resolve,

    /// <summary>Sends: bytes of a connection, or whole datagrams, each behind its header (<see cref="SocketArea"/>). Word 1: place, length.</summary>
    Send,

    /// <summary>Gives a place back. Word 0: the place. Word 1: how many bytes of it were read; the others stay in the stack, which waits for <see cref="Resume"/>.</summary>
    Read,

    /// <summary>Who did not read all reads on.</summary>
    Resume,

    /// <summary>Ends the sending half of a connection: the peer sees the end of the stream. Receiving goes on.</summary>
    Shutdown,

    /// <summary>Gives a socket up. What was sent is still delivered; what was received and not read makes it a reset.</summary>
    Close,

    /// <summary>Gives a connection up and resets it.</summary>
    Abort,
}

/// <summary>What a stack says to a program over their channel: the meta word of a message.</summary>
/// <remarks>Word 0 is a socket, with its place in the program's table in the high half. Word 6 tells how many places of what is sent were read since the channel began.</remarks>
public enum SocketNotice : uint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Answers a question. Word 1: its number, <see cref="SocketAnswer"/>. Word 0: the socket that it opened. Word 2: the address of a name.</summary>
    Answer,

    /// <summary>Somebody has called. Word 0: the connection. Word 1: the listener. Word 2: address and port of who called. Word 3: bytes that can be sent.</summary>
    Accepted,

    /// <summary>Something came. Word 1: place of what is received, length. Word 2, of a connection: where in its stream it begins. A program that finds another place there than it
    /// reads on at gives it back unread: it was under way when what comes before it went back.</summary>
    Data,

    /// <summary>So many bytes more can be sent. The first time: the connection is open. Word 1: how many.</summary>
    Room,

    /// <summary>Nothing more will come. Word 1: EndOfStream, or why the connection ended. Word 2: where the stream ends, as for Data.</summary>
    Ended,

    /// <summary>Only word 6 is new.</summary>
    Taken,

    /// <summary>A request was refused. Word 1: what it was, <see cref="SocketAnswer"/>.</summary>
    Refused,
}

/// <summary>Memory that a program has in common with its stack: eight places of 2 KiB for what is sent, then as many for what is received.</summary>
/// <remarks>
/// A place belongs to one of the two at a time. Those for what is sent are used in turn, by the program; those for what is received the stack chooses. A datagram
/// lies behind its header: address (4 bytes), port (2), length (2), highest byte first; several one behind the other.
/// </remarks>
public static class SocketArea
{
    /// <summary>Places each way.</summary>
    public const int Places = 8;

    /// <summary>Bytes of a place.</summary>
    public const int PlaceBytes = 2048;

    /// <summary>Bytes of all.</summary>
    public const int Bytes = 2 * Places * PlaceBytes;

    /// <summary>Bytes before a datagram.</summary>
    public const int HeaderBytes = 8;

    /// <summary>A place of what is sent.</summary>
    /// <param name="area">At least <see cref="Bytes"/>.</param>
    /// <param name="place">Any number: it counts modulo <see cref="Places"/>.</param>
    public static Span<byte> ToSend(MemoryRegion area, uint place) => area.Bytes.Slice((int)(place % Places) * PlaceBytes, PlaceBytes);

    /// <summary>A place of what is received.</summary>
    /// <param name="area">At least <see cref="Bytes"/>.</param>
    /// <param name="place">Any number: it counts modulo <see cref="Places"/>.</param>
    public static Span<byte> Received(MemoryRegion area, uint place) =>
        area.Bytes.Slice((Places + (int)(place % Places)) * PlaceBytes, PlaceBytes);
}

/// <summary>Numbers in a message's words.</summary>
public static class SocketMessage
{
    private const int Half = 32;

    /// <summary>A request.</summary>
    public static RingMessage Of(SocketRequest request, ulong word0, ulong word1 = 0)
    {
        RingMessage message = default;
        message.Meta = (uint)request;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        return message;
    }

    /// <summary>A notice.</summary>
    public static RingMessage Of(SocketNotice notice, ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0)
    {
        RingMessage message = default;
        message.Meta = (uint)notice;
        message.Payload.Word0 = word0;
        message.Payload.Word1 = word1;
        message.Payload.Word2 = word2;
        message.Payload.Word3 = word3;
        return message;
    }

    /// <summary>Two numbers in a word.</summary>
    public static ulong Pair(uint low, uint high) => low | ((ulong)high << Half);

    /// <summary>The first of them.</summary>
    public static uint Low(ulong word) => (uint)word;

    /// <summary>The second.</summary>
    public static uint High(ulong word) => (uint)(word >> Half);
}
