namespace Atoll.Linker.Passes;

/// <summary>Names of sections that hold debug information.</summary>
public static class DebugSectionNames
{
    /// <summary>Line tables.</summary>
    public const string Line = ".debug_line";

    /// <summary>Entries: functions, variables, types.</summary>
    public const string Information = ".debug_info";

    /// <summary>Shapes of entries.</summary>
    public const string Abbreviations = ".debug_abbrev";

    /// <summary>Address ranges of units.</summary>
    public const string Ranges = ".debug_ranges";

    /// <summary>Locations of variables by address.</summary>
    public const string Locations = ".debug_loc";

    /// <summary>Strings, each once.</summary>
    public const string Strings = ".debug_str";

    /// <summary>Call frame information that no loader loads.</summary>
    public const string Frames = ".debug_frame";

    /// <summary>Call frame information of objects.</summary>
    public const string ExceptionFrames = ".eh_frame";

    /// <summary>Sections that the image takes over from objects, relocated (DWARF 4, 7.26, and the GNU's macros). An object may
    /// have thousands that only begin like these.</summary>
    public static readonly IReadOnlySet<string> Copied = new HashSet<string>(StringComparer.Ordinal)
    {
        Information, Abbreviations, Locations, Ranges, Strings, ".debug_types", ".debug_macinfo", ".debug_macro",
        ".debug_pubnames", ".debug_pubtypes",
    };
}
