namespace Atoll.Services.Net.Stack;

/// <summary>A port where connections are welcome: LISTEN.</summary>
public struct TcpListener
{
    internal bool IsOpen;
    internal bool IsEventQueued;
    internal ushort Generation;
    internal ushort Port;

    /// <summary>Connections that may wait, half-open ones and established ones each.</summary>
    internal ushort Backlog;
    internal ushort HalfOpen;
    internal ushort Waiting;

    /// <summary>Queue of established connections that nobody has accepted.</summary>
    internal ushort First;
    internal ushort Last;
}
