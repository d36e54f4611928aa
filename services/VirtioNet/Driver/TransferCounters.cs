namespace Atoll.Services.VirtioNet;

/// <summary>What the driver has counted.</summary>
public struct TransferCounters
{
    /// <summary>Frames that came.</summary>
    public ulong Received;

    /// <summary>Frames that went.</summary>
    public ulong Sent;

    /// <summary>Buffers that a stack named wrongly or twice, lengths that no frame has, and frames that found no room on their way to the stack.</summary>
    public ulong Refused;
}
