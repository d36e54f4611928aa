namespace Atoll.Instance;

/// <summary>Where an instance is in its life, as its status page says.</summary>
public enum InstanceLifecycle : ulong
{
    /// <summary>No instance.</summary>
    Empty,

    /// <summary>Memory and page tables are ready; the core has not been started.</summary>
    Provisioned,

    /// <summary>The core runs the instance's first instructions.</summary>
    Booting,

    /// <summary>The event loop runs.</summary>
    Healthy,

    /// <summary>The instance found itself wrong, wrote its crash page and parked.</summary>
    Panicked,

    /// <summary>The core was stopped from outside; written by whoever stopped it.</summary>
    Fenced,

    /// <summary>The core did not come up in time, was stopped, and its memory is free again.</summary>
    Failed,
}
