namespace Atoll.Workloads;

/// <summary>Kinds of messages that only the image for tests sends and understands; elsewhere they count as unknown.</summary>
/// <remarks>Far from the kernel's own kinds, so that neither has to be renumbered for the other.</remarks>
public enum TrialMessage : uint
{
    /// <summary>Coordinator to member: begin a workload (<see cref="WorkloadOrder"/>).</summary>
    BeginWorkload = 0x100,

    /// <summary>Coordinator to member: provoke a fault; argument 0 the kind, argument 1 an address.</summary>
    ProvokeFault,

    /// <summary>A numbered, checksummed message.</summary>
    Traffic,

    /// <summary>A token that goes round.</summary>
    Token,

    /// <summary>Anybody: count what I say from now on, and what you refuse of it.</summary>
    CountMe,

    /// <summary>Of one who dies while it sends it; otherwise like <see cref="Traffic"/>.</summary>
    LastWords,

    /// <summary>Member to coordinator: I have heard somebody's last words; argument 0: 1 when they were whole.</summary>
    LastWordsHeard,
}
