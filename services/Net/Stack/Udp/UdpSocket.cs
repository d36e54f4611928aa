namespace Atoll.Services.Net.Stack;

/// <summary>A UDP socket. Its datagrams lie in the pool of bytes.</summary>
public struct UdpSocket
{
    internal bool IsOpen;
    internal bool IsReady;
    internal bool WaitsForNeighbor;
    internal bool IsEventQueued;
    internal ushort Generation;
    internal ushort Port;
    internal DatagramRing Received;
    internal DatagramRing ToSend;
}
