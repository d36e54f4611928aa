namespace Atoll.Services.Lib;

/// <summary>The clients of a server that serves over channels: an inline array of them.</summary>
/// <typeparam name="TSelf">The array.</typeparam>
public interface IChannelCallers<[AllowLinear] TSelf>
    where TSelf : struct, IChannelCallers<TSelf>
{
    /// <summary>How many there are: one at least.</summary>
    static abstract int Count { get; }

    /// <summary>One of them.</summary>
    static abstract ref ChannelCaller At(ref TSelf callers, int index);
}
