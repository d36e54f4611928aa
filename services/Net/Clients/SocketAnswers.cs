using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;
using StackSockets = Atoll.Services.Net.Stack.TcpSockets;

namespace Atoll.Services.Net;

/// <summary>What the stack says, as clients hear it.</summary>
internal static class SocketAnswers
{
    /// <summary>Of an operation on a socket. The same numbers: tests/Services holds them to it.</summary>
    internal static SocketAnswer Of(SocketResult result) => (SocketAnswer)result;

    /// <summary>Of a question for a name.</summary>
    internal static SocketAnswer Of(NameResult result) => result switch
    {
        NameResult.Found => SocketAnswer.Done,
        NameResult.NoServer => SocketAnswer.NoRoute,
        NameResult.PoolEmpty => SocketAnswer.PoolEmpty,
        NameResult.BadName or NameResult.NotFound => SocketAnswer.NoSuchName,
        NameResult.Waiting or NameResult.ServerFailed or NameResult.TimedOut or NameResult.BadHandle => SocketAnswer.TimedOut,
        _ => SocketAnswer.TimedOut,
    };

    /// <summary>What a socket can do now.</summary>
    internal static SocketEvents EventsOf(in NetStack stack, SocketHandle socket) =>
        (SocketEvents)(socket.Kind == SocketKind.Udp ? UdpSockets.Poll(stack, socket) : StackSockets.Poll(stack, socket));

    /// <summary>Gives a socket of any kind up.</summary>
    internal static SocketAnswer Close(in NetStack stack, SocketHandle socket) =>
        Of(socket.Kind == SocketKind.Udp ? UdpSockets.Close(stack, socket) : StackSockets.Close(stack, socket));
}
