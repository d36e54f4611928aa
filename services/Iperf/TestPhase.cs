namespace Atoll.Services.Iperf;

/// <summary>What a test waits for.</summary>
internal enum TestPhase
{
    /// <summary>There is none: for a client.</summary>
    None,

    /// <summary>The bytes by which its connections know each other.</summary>
    Cookie,

    /// <summary>What the client wants.</summary>
    Order,

    /// <summary>Its streams.</summary>
    Streams,

    /// <summary>Its end.</summary>
    Running,

    /// <summary>What the client has counted.</summary>
    Results,

    /// <summary>Bytes that were sent and have not come yet.</summary>
    Counting,

    /// <summary>The client's last word.</summary>
    Display,
}
