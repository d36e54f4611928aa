namespace Atoll.Abi;

/// <summary>What is to become of a core but the first: word 1 of <see cref="InstanceControlOperation.Order"/>.</summary>
public enum MemberOrder : ulong
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An empty core, or one whose instance is dead, gets an instance, whatever the policy says.</summary>
    Start,

    /// <summary>The instance is stopped, and its memory given back as soon as nobody maps it; the core stays empty.</summary>
    Stop,

    /// <summary>The instance is stopped as if it had died: the policy says what follows.</summary>
    Kill,

    /// <summary>The instance is stopped, and the core gets another.</summary>
    Restart,
}

/// <summary>Where the instance of a core is in its life: word 0 of the answer of <see cref="InstanceControlOperation.Member"/>.</summary>
public enum MemberState : ulong
{
    /// <summary>No instance.</summary>
    Empty,

    /// <summary>Its memory is ready, and its core is being started.</summary>
    Provisioned,

    /// <summary>Its core runs its first instructions.</summary>
    Booting,

    /// <summary>It runs.</summary>
    Healthy,

    /// <summary>It is dead: it found itself wrong, or was stopped from outside. Its memory is kept until something else becomes of the core.</summary>
    Dead,

    /// <summary>It was stopped from outside a moment ago, and its peers are being told.</summary>
    Fenced,

    /// <summary>Its core did not come up; its memory is free again.</summary>
    Failed,
}
