namespace Atoll.Trials;

/// <summary>How members die that boot parameters have killed.</summary>
public enum KillWays : byte
{
    /// <summary>Stopped from outside, or in the middle of a send.</summary>
    Stop,

    /// <summary>Half of them in other ways: panics and hangs.</summary>
    Any,

    /// <summary>All of them in a send, at a step of it: they panic there, or stand still until they are stopped.</summary>
    Publish,
}
