namespace Atoll.Packetdrill.Machine;

/// <summary>Error numbers of Linux that scripts and packetdrill know by name. Source: asm-generic/errno-base.h and errno.h.</summary>
public static class Errno
{
    public const int BadDescriptor = 9;
    public const int TryAgain = 11;
    public const int Invalid = 22;
    public const int BrokenPipe = 32;
    public const int NotSupported = 95;
    public const int AddressInUse = 98;
    public const int NoBuffers = 105;
    public const int NoProtocolOption = 92;
    public const int NetworkUnreachable = 101;
    public const int ConnectionReset = 104;
    public const int IsConnected = 106;
    public const int NotConnected = 107;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
    public const int HostUnreachable = 113;
    public const int InProgress = 115;

    /// <summary>Names as scripts write them.</summary>
    public static readonly IReadOnlyDictionary<string, int> Names = new Dictionary<string, int>
    {
        ["EBADF"] = BadDescriptor,
        ["EAGAIN"] = TryAgain,
        ["EINVAL"] = Invalid,
        ["EPIPE"] = BrokenPipe,
        ["EOPNOTSUPP"] = NotSupported,
        ["EADDRINUSE"] = AddressInUse,
        ["ENOBUFS"] = NoBuffers,
        ["ENOPROTOOPT"] = NoProtocolOption,
        ["ENETUNREACH"] = NetworkUnreachable,
        ["ECONNRESET"] = ConnectionReset,
        ["EISCONN"] = IsConnected,
        ["ENOTCONN"] = NotConnected,
        ["ETIMEDOUT"] = TimedOut,
        ["ECONNREFUSED"] = ConnectionRefused,
        ["EHOSTUNREACH"] = HostUnreachable,
        ["EINPROGRESS"] = InProgress,
    };
}
