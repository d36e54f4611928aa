namespace Atoll.Services.Http.Engine;

/// <summary>How much and how long. Times are microseconds.</summary>
public struct HttpSettings
{
    /// <summary>Most bytes of a head, empty lines before it included; not more than a connection's input buffer.</summary>
    public int HeadBytesMax;

    /// <summary>Most bytes of a target.</summary>
    public int TargetBytesMax;

    /// <summary>Most fields.</summary>
    public int FieldsMax;

    /// <summary>How long a connection without a request is kept.</summary>
    public ulong IdleTime;

    /// <summary>How long a head may take, from its first byte on. More bytes do not make it longer.</summary>
    public ulong HeadTime;

    /// <summary>While content goes either way, the peer is looked at once in so long,</summary>
    public ulong WindowTime;

    /// <summary>and must have sent or taken so many bytes since.</summary>
    public ulong WindowBytesMin;

    /// <summary>How long the end of the peer's bytes is waited for after the last answer, so that it is read.</summary>
    public ulong LingerTime;

    /// <summary>Most bytes of content that are read although nobody takes them: more is not worth the connection.</summary>
    public ulong DiscardBytesMax;

    /// <summary>Seconds since the beginning of 1970 when the time was 0; 0: nobody knows, and answers have no date.</summary>
    public ulong EpochSeconds;

    /// <summary>What serves people at browsers well.</summary>
    /// <param name="inputBytes">Bytes of a connection's input buffer.</param>
    public static HttpSettings For(int inputBytes)
    {
        const ulong second = 1_000_000;
        HttpSettings settings = default;
        settings.HeadBytesMax = inputBytes;
        settings.TargetBytesMax = inputBytes / 2;
        settings.FieldsMax = 64;
        settings.IdleTime = 60 * second;
        settings.HeadTime = 10 * second;
        settings.WindowTime = 10 * second;
        settings.WindowBytesMin = 1024;
        settings.LingerTime = 2 * second;
        settings.DiscardBytesMax = 64 * 1024;
        return settings;
    }
}

/// <summary>Whether a server can begin.</summary>
[MustUse]
public enum HttpSetup
{
    /// <summary>It can.</summary>
    Ready,

    /// <summary>No place for a connection, or buffers that are not as long as the places need.</summary>
    PoolTooSmall,

    /// <summary>A buffer of one connection is smaller than <see cref="HttpServer.BufferBytesMin"/>.</summary>
    BufferTooSmall,

    /// <summary>Limits that exclude each other: a head longer than its buffer, or a target that leaves no room for fields.</summary>
    BadLimit,

    /// <summary>A time of 0.</summary>
    BadTime,
}
