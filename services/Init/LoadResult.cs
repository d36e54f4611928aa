namespace Atoll.Services.Init;

/// <summary>Every outcome of starting a program.</summary>
[MustUse]
public enum LoadResult : byte
{
    /// <summary>It runs.</summary>
    Started,

    /// <summary>The bundle has no image at the position that the system names.</summary>
    ImageMissing,

    /// <summary>The image cannot be loaded.</summary>
    ImageInvalid,

    /// <summary>The system says something that cannot be: a record points outside of its table, say.</summary>
    SystemInvalid,

    /// <summary>The instance has not enough memory: raise grant=.</summary>
    OutOfMemory,

    /// <summary>The memory that the system sets aside for the program is too small for it: raise its memory.</summary>
    ProgramOutOfMemory,

    /// <summary>The program has more pages than Init has slots for.</summary>
    OutOfSlots,

    /// <summary>The kernel refused a capability: a line or a range that is taken, or does not exist.</summary>
    Refused,
}
