namespace Atoll.Services.Lib;

/// <summary>What is to be done with an end of a <see cref="ChannelSet"/>.</summary>
public enum ChannelSetEvent : byte
{
    /// <summary>Nothing, and with no end: <see cref="ChannelSet.Wait"/>.</summary>
    None,

    /// <summary>There is a message: receive it, and as many more as one turn is to have.</summary>
    Message,

    /// <summary>It is open: messages can be sent.</summary>
    Opened,

    /// <summary>A capability was given: accept it.</summary>
    Given,

    /// <summary>The other end is gone, and all that it had sent was received. Said once; <see cref="ChannelSet.Reopen"/> asks for a new channel.</summary>
    Ended,

    /// <summary>There will be no channel, or its rings could not be mapped. Said once; <see cref="ChannelSet.Reopen"/> asks again.</summary>
    Unavailable,
}
