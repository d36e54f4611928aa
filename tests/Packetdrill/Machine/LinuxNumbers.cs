namespace Atoll.Packetdrill.Machine;

/// <summary>Constants of Linux on x86-64 that scripts write by name.</summary>
public static class LinuxNumbers
{
    public const int PollIn = 1;
    public const int PollOut = 4;
    public const int PollErr = 8;
    public const int PollHup = 16;
    public const int SetFlags = 4;
    public const int GetFlags = 3;
    public const int NonBlocking = 0x800;
    public const int LevelSocket = 1;
    public const int LevelTcp = 6;
    public const int OptionError = 4;
    public const int OptionKeepAlive = 9;
    public const int OptionLinger = 13;
    public const int OptionNoDelay = 1;

    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, int> ByName = new Dictionary<string, int>
    {
        ["SOL_SOCKET"] = LevelSocket,
        ["SOL_TCP"] = LevelTcp,
        ["IPPROTO_TCP"] = LevelTcp,
        ["SO_REUSEADDR"] = 2,
        ["SO_ERROR"] = OptionError,
        ["SO_KEEPALIVE"] = OptionKeepAlive,
        ["SO_LINGER"] = OptionLinger,
        ["TCP_NODELAY"] = OptionNoDelay,
        ["F_GETFL"] = GetFlags,
        ["F_SETFL"] = SetFlags,
        ["O_RDWR"] = 2,
        ["O_NONBLOCK"] = NonBlocking,
        ["SHUT_RD"] = 0,
        ["SHUT_WR"] = 1,
        ["SHUT_RDWR"] = 2,
        ["POLLIN"] = PollIn,
        ["POLLOUT"] = PollOut,
        ["POLLERR"] = PollErr,
        ["POLLHUP"] = PollHup,
    };
}
