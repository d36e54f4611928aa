namespace Atoll.Services.VirtioNet;

/// <summary>What comes of looking for a buffer that the device has used. All but the first two are lies of the device.</summary>
[MustUse]
public enum QueueTake : byte
{
    /// <summary>The device has used one.</summary>
    Taken,

    /// <summary>It has used none.</summary>
    None,

    /// <summary>It says that it has used more than it was given.</summary>
    IndexTooFar,

    /// <summary>It names a buffer that the queue does not have.</summary>
    NumberOutOfRange,

    /// <summary>It names a buffer that it was not given, or has given back already.</summary>
    NotGiven,

    /// <summary>It says that it has written more than the buffer holds, or less than the header that comes before every frame.</summary>
    LengthInvalid,
}
