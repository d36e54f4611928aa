namespace Atoll.Services.Net.Stack;

/// <summary>Answer of <see cref="NetStack.Begin"/>. Unless it is <see cref="Ready"/>, the stack must not be used.</summary>
[MustUse]
public enum SetupResult
{
    /// <summary>The stack runs.</summary>
    Ready,

    /// <summary>The MTU is not between 576 and 1500.</summary>
    BadMtu,

    /// <summary>A buffer size is not a power of two, or too small or large.</summary>
    BadBufferSize,

    /// <summary>There is no connection, or there are more than 65534.</summary>
    BadConnectionCount,

    /// <summary>The table of flows is not a power of two.</summary>
    BadFlowTable,

    /// <summary>A pool has fewer entries or bytes than the connections, sockets and settings need.</summary>
    PoolTooSmall,

    /// <summary>Our Ethernet address is a group's, or our IPv4 address no host can have.</summary>
    BadAddress,
}
