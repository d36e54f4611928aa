using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Channels by name, made while programs run: to servers of this or another core. Whoever may call this may connect; which program may listen under which name says the system.</summary>
[Protocol("connect", version: 1)]
public interface IConnect
{
    /// <summary>A server can be connected to from now on. It is given its connections over a channel, its line (<see cref="LineMessage"/>). When its line ends it has to listen anew.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="protocol">What it speaks: <see cref="ProtocolKey"/>.</param>
    /// <param name="line">Its end of the line. It has room for no connection yet.</param>
    [Deferred]
    ConnectAnswer Listen(ReadOnlySpan<byte> name, ulong protocol, out ChannelControl line);

    /// <summary>Makes a channel to a server. It is answered when the server has been given its end.</summary>
    /// <param name="name">Name of the server.</param>
    /// <param name="protocol">What is to be spoken: <see cref="ProtocolKey"/>.</param>
    /// <param name="core">Core of the server; <see cref="ConnectCore.Any"/>: the nearest that has one, the own core first.</param>
    /// <param name="channel">The caller's end.</param>
    [Deferred]
    ConnectAnswer Connect(ReadOnlySpan<byte> name, ulong protocol, uint core, out ChannelControl channel);
}

/// <summary>Where the server that one connects to is.</summary>
public static class ConnectCore
{
    /// <summary>Anywhere.</summary>
    public const uint Any = 0xFFFF;
}

/// <summary>How a wish to listen or to connect ended.</summary>
public enum ConnectAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Nobody listens under this name there.</summary>
    Unknown,

    /// <summary>Who listens speaks another protocol.</summary>
    OtherProtocol,

    /// <summary>Who listens speaks another version of the protocol.</summary>
    OtherVersion,

    /// <summary>The server has no room for another connection.</summary>
    NoRoom,

    /// <summary>Too much is under way, here or there: try again.</summary>
    Busy,

    /// <summary>The caller's core or the server's has as many ends of channels as it may.</summary>
    NoEnds,

    /// <summary>The server, or who answers for its core, died meanwhile.</summary>
    ServerGone,

    /// <summary>The system does not allow the caller this name.</summary>
    NotAllowed,

    /// <summary>A server that lives listens under this name on this core already.</summary>
    Taken,

    /// <summary>It is no name, or nothing that could be a core.</summary>
    ArgumentInvalid,

    /// <summary>The directory of the machine is not there: not yet, or not any more.</summary>
    Unavailable,

    /// <summary>The caller has as many connections as the system allows it: it has to give one up first.</summary>
    QuotaSpent,
}

/// <summary>What is said over the line between a server and the switchboard of its core: the meta word of a message.</summary>
public enum LineMessage : uint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>From the server. Word 0: for so many connections more there is room.</summary>
    Room,

    /// <summary>To the server: a connection, whose end was given over the line before. Word 0: badge of the program that called on its core. Word 1: that core. Word 2: number of the connection, which no other has.</summary>
    Connection,
}
