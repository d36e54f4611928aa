namespace Atoll.Linker.Passes;

/// <summary>Names of sections that hold debug information.</summary>
public static class DebugSectionNames
{
    /// <summary>All begin so.</summary>
    public const string Prefix = ".debug_";

    /// <summary>Line tables.</summary>
    public const string Line = ".debug_line";

    /// <summary>Address ranges of units.</summary>
    public const string Ranges = ".debug_ranges";

    /// <summary>Locations of variables by address.</summary>
    public const string Locations = ".debug_loc";

    /// <summary>An index of units by address, which debuggers do without.</summary>
    public const string AddressRanges = ".debug_aranges";

    /// <summary>Strings, each once.</summary>
    public const string Strings = ".debug_str";

    /// <summary>Call frame information that no loader loads.</summary>
    public const string Frames = ".debug_frame";

    /// <summary>Call frame information of objects.</summary>
    public const string ExceptionFrames = ".eh_frame";
}
