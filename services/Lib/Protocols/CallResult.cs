using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>Every outcome of a call over a protocol. What a call returns besides means something after <see cref="Ok"/> only.</summary>
/// <remarks>Up to <see cref="SystemResult.NotCopyable"/> it is what the kernel said; from <see cref="MethodUnknown"/> on what was said by, or found in, the answer.</remarks>
[MustUse]
public enum CallResult : ulong
{
    /// <summary>Answered.</summary>
    Ok = SystemResult.Ok,

    /// <summary>The address of the server leads nowhere.</summary>
    AddressInvalid = SystemResult.AddressInvalid,

    /// <summary>There is no capability at the address of the server: the system did not give it.</summary>
    SlotEmpty = SystemResult.SlotEmpty,

    /// <summary>The capability is not that of an endpoint.</summary>
    WrongType = SystemResult.WrongType,

    /// <summary>The capability may not be called.</summary>
    RightMissing = SystemResult.RightMissing,

    /// <summary>The deadline came first. The server may have done it all the same.</summary>
    TimedOut = SystemResult.TimedOut,

    /// <summary>Another thread ended the wait.</summary>
    Cancelled = SystemResult.Cancelled,

    /// <summary>The server is gone, or will not answer.</summary>
    PeerDied = SystemResult.PeerDied,

    /// <summary>The server does not know the method.</summary>
    MethodUnknown = 256,

    /// <summary>The server could not read the message.</summary>
    Malformed,

    /// <summary>The server has no reply object left in which a caller could wait. Ask again later.</summary>
    Busy,

    /// <summary>The answer does not fit the method.</summary>
    AnswerInvalid,

    /// <summary>The arguments do not fit into a message. Nothing was sent.</summary>
    TooLong,

    /// <summary>There is no inbox, something lies in it, or a slot for a capability of the answer is not empty. Nothing was sent.</summary>
    SlotTaken,
}
