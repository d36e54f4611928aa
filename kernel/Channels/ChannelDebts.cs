using System;

namespace Atoll.Channels;

/// <summary>What the kernel has to tell others about an end of a channel. One bit each: however often a program rings, one message is owed.</summary>
[Flags]
public enum ChannelDebts : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To whoever makes channels: this end wants one.</summary>
    Ask = 1,

    /// <summary>To whoever makes channels: this end does not want it any more. The answer settles which came first.</summary>
    Cancel = 2,

    /// <summary>To whoever makes channels: the pages are mapped nowhere here.</summary>
    Release = 4,

    /// <summary>To the other end's kernel: ring.</summary>
    Ring = 8,

    /// <summary>To the other end's kernel: this end is gone.</summary>
    Farewell = 16,

    /// <summary>To the other end's kernel: this end never heard that its channel was made, and never will.</summary>
    Disown = 32,

    /// <summary>All that goes to whoever makes channels.</summary>
    ToMaker = Ask | Cancel | Release,

    /// <summary>All that goes to the other end.</summary>
    ToPeer = Ring | Farewell | Disown,
}
