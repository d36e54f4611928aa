using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Machine;

/// <summary>What a file descriptor stands for.</summary>
public sealed class Descriptor
{
    public SocketHandle Socket { get; set; }

    /// <summary>Port that bind asked for; 0: none.</summary>
    public ushort Port { get; set; }

    public bool IsNonBlocking { get; set; }

    public bool IsNoDelay { get; set; }

    public bool KeepsAlive { get; set; }

    /// <summary>SO_LINGER with no time: close resets.</summary>
    public bool ResetsOnClose { get; set; }

    /// <summary>Connect has been called; its answer has not been given.</summary>
    public bool IsConnecting { get; set; }

    /// <summary>The error was told: the next question gets none.</summary>
    public bool IsErrorTold { get; set; }
}
