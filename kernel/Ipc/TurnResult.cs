namespace Atoll.Ipc;

/// <summary>How a turn of an event loop went.</summary>
[MustUse]
public enum TurnResult : byte
{
    /// <summary>There was nothing to do.</summary>
    Idle,

    /// <summary>Something came in and was dealt with. The second look before a sleep finds what is left.</summary>
    Worked,

    /// <summary>There is more to do that no look at a ring would find: another turn must follow at once.</summary>
    More,
}
