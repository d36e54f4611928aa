using System;
using Atoll.Services.Lib;

namespace Atoll.Services.Protocols;

/// <summary>Memory, as much as the system allows each client. What a client has is taken back when it dies or begins anew.</summary>
[Protocol("memory", version: 1)]
public interface IMemory
{
    /// <summary>A client begins: whatever it had in an earlier life is taken back, also from whom it gave some.</summary>
    /// <param name="quota">Bytes that it may have at once.</param>
    MemoryAnswer Begin(out ulong quota);

    /// <summary>Takes memory.</summary>
    /// <param name="sizeBits">log2 of its bytes: a page at least.</param>
    /// <param name="memory">Untyped memory, all of it free.</param>
    /// <param name="piece">Its number, for <see cref="Return"/>.</param>
    MemoryAnswer Take(uint sizeBits, out UntypedMemory memory, out uint piece);

    /// <summary>Gives memory back: everything that was made of it ends.</summary>
    /// <param name="piece">Its number.</param>
    MemoryAnswer Return(uint piece);

    /// <summary>Tells how much a client has.</summary>
    /// <param name="index">From 0 on.</param>
    /// <param name="client">Its badge: its position in the system and one.</param>
    /// <param name="quota">Bytes that it may have at once.</param>
    /// <param name="used">Bytes that it has.</param>
    /// <param name="pieces">In how many pieces.</param>
    MemoryAnswer Describe(uint index, out ulong client, out ulong quota, out ulong used, out uint pieces);
}

/// <summary>What a server of memory answers.</summary>
public enum MemoryAnswer
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>The system allows this client none.</summary>
    NoQuota,

    /// <summary>It has no piece left that is large enough.</summary>
    QuotaSpent,

    /// <summary>It has as many pieces as there are slots for.</summary>
    TooManyPieces,

    /// <summary>Smaller than a page.</summary>
    SizeInvalid,

    /// <summary>It has no such piece; or there is no such client.</summary>
    Unknown,
}
