using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>The state of an instance's work when tests may ask it for faults.</summary>
public struct TrialWork
{
    /// <summary>The workload: first, so that it is found where it is without faults.</summary>
    public Workload Workload;

    /// <summary>The fault to provoke.</summary>
    public FaultOrder Fault;

    /// <summary>What it says as a hostile kernel.</summary>
    public Hostility Hostility;

    /// <summary>What it hears from one.</summary>
    public HostileCount Hostile;
}
