namespace Atoll.Services.Net.Stack;

/// <summary>The four numbers that name a connection. 12 bytes.</summary>
internal struct Flow
{
    public Ipv4Address Local;
    public Ipv4Address Remote;
    public ushort LocalPort;
    public ushort RemotePort;

    public readonly ulong Addresses => ((ulong)Local.Value << 32) | Remote.Value;

    public readonly ulong Ports => ((ulong)LocalPort << 16) | RemotePort;

    public readonly bool Is(in Flow other) => Addresses == other.Addresses && Ports == other.Ports;
}
