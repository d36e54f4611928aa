using System;
using Atoll.Abi;
using Atoll.Services.Protocols;

namespace Atoll.Services.Lib.Sockets;

/// <summary>A program that serves by sockets: what it does at each moment.</summary>
public interface ISocketServer
{
    /// <summary>How long nothing needs to happen, in microseconds; <see cref="ulong.MaxValue"/>: until something does.</summary>
    ulong Patience { get; }

    /// <summary>Opens its ports. It has no sockets: what it knew of earlier ones is over.</summary>
    SocketResult Begin(ref SocketLibrary sockets);

    /// <summary>Something happened to a socket.</summary>
    void Serve(ref SocketLibrary sockets, Socket socket);

    /// <summary>After each event, and when <see cref="Patience"/> is over: what was left, and what is due.</summary>
    void GoOn(ref SocketLibrary sockets);
}

/// <summary>The life of a program that serves by sockets: it listens, serves, and begins anew when its stack does.</summary>
public static class SocketServing
{
    private const byte StackMissing = 2;
    private const byte ConsoleMissing = 3;
    private const byte PortTaken = 4;

    // A stack that is started again is there within milliseconds.
    private const ulong StackPatience = 5_000_000;

    /// <summary>Serves, until there is no stack any more. Then the program ends. It says on the console when it listens, and when its stack is gone.</summary>
    /// <typeparam name="TServer">The server.</typeparam>
    /// <param name="sockets">The library, attached.</param>
    /// <param name="server">The server.</param>
    /// <param name="console">Slot of the console's channel; 0: there is none on this core, and nothing is said.</param>
    /// <param name="name">The program's name.</param>
    public static void Run<[AllowLinear] TServer>(ref SocketLibrary sockets, ref TServer server, uint console, ReadOnlySpan<byte> name)
        where TServer : struct, ISocketServer
    {
        SocketResult result = SocketResult.StackDead;
        while (result == SocketResult.StackDead && SocketLibrary.Begin(ref sockets, StackPatience) == SocketResult.Done)
        {
            result = Live(ref sockets, ref server, console, name);
        }

        Say(console, name, ": there is no stack\n"u8);
        ProgramExit.End(StackMissing);
    }

    /// <summary>Serves over one stack.</summary>
    /// <returns>Why it ended: StackDead, StackBroken.</returns>
    public static SocketResult Serve<[AllowLinear] TServer>(ref SocketLibrary sockets, ref TServer server)
        where TServer : struct, ISocketServer
    {
        SocketResult result;
        do
        {
            result = sockets.Wait(server.Patience, out Socket socket, out _);
            if (result == SocketResult.Done)
            {
                server.Serve(ref sockets, socket);
            }

            server.GoOn(ref sockets);
        }
        while (result is SocketResult.Done or SocketResult.WouldBlock);

        return result;
    }

    private static SocketResult Live<[AllowLinear] TServer>(ref SocketLibrary sockets, ref TServer server, uint console, ReadOnlySpan<byte> name)
        where TServer : struct, ISocketServer
    {
        SocketResult result = server.Begin(ref sockets);
        if (result is not (SocketResult.Done or SocketResult.StackDead))
        {
            Say(console, name, ": the port is taken\n"u8);
            ProgramExit.End(PortTaken);
        }

        if (result == SocketResult.Done)
        {
            Say(console, name, ": listening\n"u8);
            result = Serve(ref sockets, ref server);
        }

        Say(console, name, result == SocketResult.StackDead ? ": StackDead, all sockets are gone\n"u8 : ": StackBroken, all sockets are gone\n"u8);
        return result;
    }

    private static void Say(uint console, ReadOnlySpan<byte> name, ReadOnlySpan<byte> words)
    {
        TextBuffer text = default;
        text.Add(name);
        text.Add(words);
        if (console != ProgramSlot.Null && new ConsoleClient(console).Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(ConsoleMissing);
        }
    }
}
