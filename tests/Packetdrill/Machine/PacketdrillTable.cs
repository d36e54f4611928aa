using System.Runtime.InteropServices;

namespace Atoll.Packetdrill.Machine;

/// <summary>
/// The table that packetdrill_interface_init fills: struct packetdrill_interface of packetdrill.h, in its order. Every
/// function takes <see cref="UserData"/> first. A result of -1 means an error, whose number is in errno.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct PacketdrillTable
{
    public void* UserData;
    public delegate* unmanaged<void*, void> Free;
    public delegate* unmanaged<void*, int, int, int, int> Socket;
    public delegate* unmanaged<void*, int, SocketAddress*, uint, int> Bind;
    public delegate* unmanaged<void*, int, int, int> Listen;
    public delegate* unmanaged<void*, int, SocketAddress*, uint*, int> Accept;
    public delegate* unmanaged<void*, int, SocketAddress*, uint, int> Connect;
    public delegate* unmanaged<void*, int, byte*, nuint, nint> Read;
    public delegate* unmanaged<void*, int, IoVector*, int, nint> ReadVector;
    public delegate* unmanaged<void*, int, byte*, nuint, int, nint> Receive;
    public delegate* unmanaged<void*, int, byte*, nuint, int, SocketAddress*, uint*, nint> ReceiveFrom;
    public delegate* unmanaged<void*, int, void*, int, nint> ReceiveMessage;
    public delegate* unmanaged<void*, int, byte*, nuint, nint> Write;
    public delegate* unmanaged<void*, int, IoVector*, int, nint> WriteVector;
    public delegate* unmanaged<void*, int, byte*, nuint, int, nint> Send;
    public delegate* unmanaged<void*, int, byte*, nuint, int, SocketAddress*, uint, nint> SendTo;
    public delegate* unmanaged<void*, int, void*, int, nint> SendMessage;

    /// <summary>Variadic in C: the third argument is in the same register, whatever it is.</summary>
    public delegate* unmanaged<void*, int, int, nint, int> FileControl;
    public delegate* unmanaged<void*, int, nuint, void*, int> IoControl;
    public delegate* unmanaged<void*, int, int> Close;
    public delegate* unmanaged<void*, int, int, int> Shutdown;
    public delegate* unmanaged<void*, int, int, int, void*, uint*, int> GetOption;
    public delegate* unmanaged<void*, int, int, int, int*, uint, int> SetOption;
    public delegate* unmanaged<void*, PollEntry*, nuint, int, int> Poll;
    public delegate* unmanaged<void*, byte*, nuint, int> NetdevSend;
    public delegate* unmanaged<void*, byte*, nuint*, long*, int> NetdevReceive;
    public delegate* unmanaged<void*, uint, int> MicroSleep;
    public delegate* unmanaged<void*, TimeValue*, void*, int> GetTimeOfDay;
    public delegate* unmanaged<void*, int, int> EpollCreate;
    public delegate* unmanaged<void*, int, int, int, void*, int> EpollControl;
    public delegate* unmanaged<void*, int, void*, int, int, int> EpollWait;
    public delegate* unmanaged<void*, int*, int> Pipe;
    public delegate* unmanaged<void*, int, long*, int, long*, nuint, uint, nint> Splice;
}

/// <summary>struct sockaddr_in: family 2, port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct SocketAddress
{
    public ushort Family;
    public ushort NetworkPort;
    public uint NetworkAddress;
}

/// <summary>struct iovec.</summary>
public unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}

/// <summary>struct pollfd.</summary>
public struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Found;
}

/// <summary>struct timeval.</summary>
public struct TimeValue
{
    public long Seconds;
    public long Microseconds;
}
