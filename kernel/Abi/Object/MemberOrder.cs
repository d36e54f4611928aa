namespace Atoll.Abi;

/// <summary>What the kernel is to do to a core but the first: word 1 of <see cref="InstanceControlOperation.Order"/>.</summary>
/// <remarks>These are steps. What is to become of a core in the end decides whoever orders them, step by step.</remarks>
public enum MemberOrder : ulong
{
    /// <summary>Nothing: only the notes are taken.</summary>
    None,

    /// <summary>An empty core, or one whose instance is dead, gets an instance.</summary>
    Start,

    /// <summary>A healthy instance is stopped as if it had died; its memory is kept.</summary>
    Stop,

    /// <summary>The memory of a dead instance is given back as soon as nobody maps it; the core is empty then.</summary>
    Release,

    /// <summary>A healthy instance finds itself wrong. Only an image that provokes faults does it.</summary>
    Panic,

    /// <summary>A healthy instance takes no turn of its event loop any more. Only an image that provokes faults does it.</summary>
    Hang,
}

/// <summary>Where the instance of a core is in its life.</summary>
public enum MemberState : uint
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

/// <summary>Why the instance of a core is as it is.</summary>
public enum MemberCause : uint
{
    /// <summary>Nothing happened to it: it is empty, being started, or healthy.</summary>
    None,

    /// <summary>It found itself wrong.</summary>
    Panic,

    /// <summary>It took no turn of its event loop, though it was rung.</summary>
    Hang,

    /// <summary>Somebody ordered it.</summary>
    Order,

    /// <summary>Its core missed the deadline of a start.</summary>
    Deadline,

    /// <summary>There was no memory for it.</summary>
    Memory,
}

/// <summary>State and cause of an instance, as word 0 of the answer of <see cref="InstanceControlOperation.Member"/> holds them.</summary>
/// <param name="raw">The word.</param>
public readonly struct MemberCondition(ulong raw)
{
    private const int CauseShift = 32;

    /// <summary>The word.</summary>
    public ulong Raw => raw;

    /// <summary>Where it is in its life.</summary>
    public MemberState State => (MemberState)raw;

    /// <summary>Why.</summary>
    public MemberCause Cause => (MemberCause)(raw >> CauseShift);

    /// <summary>Puts a state and its cause together.</summary>
    public static MemberCondition Of(MemberState state, MemberCause cause) => new((uint)state | ((ulong)cause << CauseShift));
}
