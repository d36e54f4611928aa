using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Switchboard;

/// <summary>A server that listens.</summary>
public struct Listener
{
    /// <summary>Under which name.</summary>
    public NameWords Name;

    /// <summary>What it speaks.</summary>
    public ulong Key;

    /// <summary>For so many connections it has room.</summary>
    public ulong Room;

    /// <summary>Its place, and which of those that used the place it is: what the directory calls it.</summary>
    public ulong Word;

    /// <summary>Where it is in its life.</summary>
    public ListenerStage Stage;

    /// <summary>Whether the directory is to be told of it: that it listens, or that it does not any more.</summary>
    public bool OwesWord;
}

/// <summary>Where a listener is in its life.</summary>
public enum ListenerStage : byte
{
    /// <summary>There is none.</summary>
    Free,

    /// <summary>It listens.</summary>
    Live,

    /// <summary>It is gone, and the directory has not heard of it.</summary>
    Closing,
}

/// <summary>A program that has called and waits.</summary>
public struct Call
{
    /// <summary>Whom.</summary>
    public NameWords Name;

    /// <summary>What it wants to speak.</summary>
    public ulong Key;

    /// <summary>Its badge.</summary>
    public ulong Badge;

    /// <summary>Number of the connection, once the directory has said it.</summary>
    public ulong Connection;

    /// <summary>The core that it names.</summary>
    public uint Core;

    /// <summary>Where it is in its life.</summary>
    public CallStage Stage;
}

/// <summary>Where a call is in its life.</summary>
public enum CallStage : byte
{
    /// <summary>There is none.</summary>
    Free,

    /// <summary>The directory is to be asked.</summary>
    ToAsk,

    /// <summary>The directory was asked.</summary>
    Asked,

    /// <summary>There is an end.</summary>
    Made,

    /// <summary>There could be no end: the directory is to be told.</summary>
    ToFail,

    /// <summary>The directory was told.</summary>
    Failed,
}

/// <summary>A connection on its way to a server.</summary>
public struct Arrival
{
    /// <summary>The directory's name for it.</summary>
    public ulong Ticket;

    /// <summary>Number of the connection.</summary>
    public ulong Connection;

    /// <summary>The server: see <see cref="Switchboard.Listener.Word"/>.</summary>
    public ulong Listener;

    /// <summary>Badge of who has called, on its core.</summary>
    public ulong Badge;

    /// <summary>That core.</summary>
    public uint Core;

    /// <summary>Where it is in its life.</summary>
    public ArrivalStage Stage;

    /// <summary>How it has ended.</summary>
    public ConnectAnswer Answer;
}

/// <summary>Where an arrival is in its life.</summary>
public enum ArrivalStage : byte
{
    /// <summary>There is none.</summary>
    Free,

    /// <summary>There is an end, which the server has not been given.</summary>
    Made,

    /// <summary>It has ended: the directory is to be told.</summary>
    ToTell,
}
