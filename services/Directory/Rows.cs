using System;
using System.Runtime.InteropServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Directory;

/// <summary>Who listens at a place of a switchboard.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct ListenerRow
{
    /// <summary>Bytes of it.</summary>
    public const int SizeBytes = 64;

    /// <summary>Under which name.</summary>
    public NameWords Name;

    /// <summary>What it speaks.</summary>
    public ulong Key;

    /// <summary>The switchboard's word for it.</summary>
    public ulong Word;

    /// <summary>Whether anybody does.</summary>
    public bool Listens;
}

/// <summary>A call.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct CallRow
{
    /// <summary>Bytes of it.</summary>
    public const int SizeBytes = 64;

    /// <summary>Number of the connection.</summary>
    public ulong Connection;

    /// <summary>The server: see <see cref="ListenerRow.Word"/>.</summary>
    public ulong Listener;

    /// <summary>Badge of who has called.</summary>
    public ulong Badge;

    /// <summary>Core of the server.</summary>
    public uint Server;

    /// <summary>How it has ended.</summary>
    public ConnectAnswer Answer;

    /// <summary>One more than the ticket that is next in the line of the asking core; 0: none.</summary>
    public ushort NextOfAsker;

    /// <summary>The same in the line of the server's core.</summary>
    public ushort NextOfServer;

    /// <summary>Where it is in its life.</summary>
    public CallRowStage Stage;

    /// <summary>What is to be said. A call stands in the line of a core exactly while something is owed there.</summary>
    public CallDebts Owes;
}

/// <summary>Where a call is in its life, as far as the directory is concerned.</summary>
public enum CallRowStage : byte
{
    /// <summary>There is none.</summary>
    Free,

    /// <summary>Both switchboards make ends, or have been told to.</summary>
    Routing,

    /// <summary>It has failed: the server's switchboard is to be told, then the asker's.</summary>
    Cancelling,

    /// <summary>The asker's switchboard is gone: the server's is to be told.</summary>
    Orphan,

    /// <summary>It has ended: the asker's switchboard is to be told.</summary>
    Answering,
}

/// <summary>What is owed for a call.</summary>
[Flags]
public enum CallDebts : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To the asker's switchboard.</summary>
    Route = 1,

    /// <summary>To the asker's switchboard.</summary>
    Answer = 2,

    /// <summary>To the server's switchboard.</summary>
    Arrive = 4,

    /// <summary>To the server's switchboard.</summary>
    Cancel = 8,

    /// <summary>All to the asker's.</summary>
    ToAsker = Route | Answer,

    /// <summary>All to the server's.</summary>
    ToServer = Arrive | Cancel,
}

/// <summary>A core: who is owed something there.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct CoreRow
{
    /// <summary>Bytes of it.</summary>
    public const int SizeBytes = 16;

    /// <summary>One more than the ticket that is first in its line; 0: nothing is owed.</summary>
    public ushort First;

    /// <summary>The last.</summary>
    public ushort Last;

    /// <summary>Connections on their way to its servers.</summary>
    public byte Arrivals;

    /// <summary>Its calls that have not ended.</summary>
    public byte Calls;
}
