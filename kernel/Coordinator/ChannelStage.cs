namespace Atoll.Coordinator;

/// <summary>What became of a request.</summary>
public enum ChannelStage : byte
{
    /// <summary>No record. Zeroed memory reads so.</summary>
    Free,

    /// <summary>The first end waits for the second.</summary>
    Waiting,

    /// <summary>Both have come: there are pages.</summary>
    Made,

    /// <summary>There will be no channel: the first end, the only one, has to be told.</summary>
    Refused,
}
