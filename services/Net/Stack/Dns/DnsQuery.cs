using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>How a question stands.</summary>
[MustUse]
public enum NameResult : byte
{
    /// <summary>Answered: there is at least one address.</summary>
    Found,

    /// <summary>No answer yet.</summary>
    Waiting,

    /// <summary>There is no such name, or it has no IPv4 address.</summary>
    NotFound,

    /// <summary>The server could not answer, or its answer did not fit a datagram.</summary>
    ServerFailed,

    /// <summary>The server did not answer.</summary>
    TimedOut,

    /// <summary>It is no name: a label is empty or longer than 63 octets, or all of it longer than 253.</summary>
    BadName,

    /// <summary>No name server is set.</summary>
    NoServer,

    /// <summary>All places for questions are taken.</summary>
    PoolEmpty,

    /// <summary>No question has this handle.</summary>
    BadHandle,
}

/// <summary>A name in the form of messages.</summary>
[InlineArray(StackLimits.DnsNameBytes)]
internal struct DnsNameBytes
{
    private byte _first;
}

/// <summary>A question to the name server.</summary>
internal struct DnsQuery
{
    public bool IsUsed;
    public bool IsSendDue;
    public NameResult Result;
    public byte Tries;
    public byte NameLength;
    public ushort Generation;
    public ushort Id;
    public ushort Port;
    public Ipv4Address Answer;
    public uint AnswerSeconds;
    public ulong NextAt;
    public DnsNameBytes Name;

    public readonly bool IsAsking => IsUsed && Result == NameResult.Waiting;
}

/// <summary>All questions.</summary>
[InlineArray(StackLimits.DnsQueryCount)]
internal struct DnsQueries
{
    private DnsQuery _first;
}
