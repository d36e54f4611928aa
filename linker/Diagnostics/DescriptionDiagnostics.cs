namespace Atoll.Linker.Diagnostics;

/// <summary>What can be wrong with the file of a program (<c>program.toml</c>) or of a system (<c>systems/NAME.toml</c>).</summary>
/// <remarks>950x: any TOML file. 951x: programs. From 9520 on: systems. docs/systems.md has them all.</remarks>
public static class DescriptionDiagnostics
{
    /// <summary>The file cannot be read.</summary>
    public static DiagnosticDescriptor UnreadableFile { get; } = new(
        "ATL9500", "Description cannot be read", "Check the path and the rights.");

    /// <summary>No TOML.</summary>
    public static DiagnosticDescriptor Syntax { get; } = new(
        "ATL9501", "No TOML", "The syntax is that of TOML 1.0 (toml.io).");

    /// <summary>A key that means nothing.</summary>
    public static DiagnosticDescriptor UnknownKey { get; } = new(
        "ATL9502", "Unknown key", "docs/systems.md lists the keys.");

    /// <summary>A key that must be there.</summary>
    public static DiagnosticDescriptor MissingKey { get; } = new(
        "ATL9503", "Missing key", "Add it; docs/systems.md says what it means.");

    /// <summary>A value of another kind.</summary>
    public static DiagnosticDescriptor WrongKind { get; } = new(
        "ATL9504", "Value of the wrong kind", "Texts stand in quotes, numbers and true or false do not.");

    /// <summary>A number that is too small, too large, or between two steps.</summary>
    public static DiagnosticDescriptor OutOfRange { get; } = new(
        "ATL9505", "Number out of range", "Choose one that is in range.");

    /// <summary>No name.</summary>
    public static DiagnosticDescriptor BadName { get; } = new(
        "ATL9506", "Bad name", "Names have 1 to 31 small letters, digits and '-', and begin with a letter.");

    /// <summary>A name that is given twice.</summary>
    public static DiagnosticDescriptor DuplicateName { get; } = new(
        "ATL9507", "Name given twice", "Rename one of the two.");

    /// <summary>A word that means nothing.</summary>
    public static DiagnosticDescriptor UnknownWord { get; } = new(
        "ATL9508", "Unknown word", "Write one of these.");

    /// <summary>A key that does not go with the kind of a need.</summary>
    public static DiagnosticDescriptor KeyOfOtherKind { get; } = new(
        "ATL9510", "Key of another kind of need", "Remove it, or correct the kind.");

    /// <summary>More than fits.</summary>
    public static DiagnosticDescriptor TooManyNeeds { get; } = new(
        "ATL9511", "Too many needs", "A program finds all that it was given on one page: split the program.");

    /// <summary>The program would not be found.</summary>
    public static DiagnosticDescriptor OtherFileName { get; } = new(
        "ATL9512", "Program and image differ in name", "An image is called as its program: rename one of the two.");

    /// <summary>An image that is no program of services/.</summary>
    public static DiagnosticDescriptor ProgramImageUnknown { get; } = new(
        "ATL9520", "No such program", "Make it with 'new program', or correct the name.");

    /// <summary>An image without a good manifest.</summary>
    public static DiagnosticDescriptor ProgramImageBroken { get; } = new(
        "ATL9521", "Program image cannot be used", "Build it again.");

    /// <summary>A program that the system does not have.</summary>
    public static DiagnosticDescriptor ProgramUnknown { get; } = new(
        "ATL9522", "The system has no such program", "Add a [[program]], or correct the name.");

    /// <summary>Something is given that the program does not need.</summary>
    public static DiagnosticDescriptor NeedUnknown { get; } = new(
        "ATL9523", "The program has no such need", "Add it to the program's manifest, or remove the entry.");

    /// <summary>Something is given in the way of another kind.</summary>
    public static DiagnosticDescriptor NeedOfOtherKind { get; } = new(
        "ATL9524", "Need of another kind", "Correct the entry, or the kind in the program's manifest.");

    /// <summary>A need, not optional, that the system does not satisfy.</summary>
    public static DiagnosticDescriptor NeedUnsatisfied { get; } = new(
        "ATL9525", "Need that nothing satisfies", "Add it to the system, or make the need optional in the program's manifest.");

    /// <summary>A need that the system satisfies twice.</summary>
    public static DiagnosticDescriptor NeedSatisfiedTwice { get; } = new(
        "ATL9526", "Need satisfied twice", "Remove one of the two.");

    /// <summary>Two ends of a channel with two protocols, or versions.</summary>
    public static DiagnosticDescriptor ProtocolDiffers { get; } = new(
        "ATL9527", "Ends of a channel speak differently", "Both manifests must name the same protocol and version.");

    /// <summary>What programs of different cores would share.</summary>
    public static DiagnosticDescriptor CoreDiffers { get; } = new(
        "ATL9528", "Programs on different cores", "A channel or region joins programs of one core: put both on the same, or the server on \"every\" core.");

    /// <summary>A powerful need that the system does not agree to.</summary>
    public static DiagnosticDescriptor PowerNotAllowed { get; } = new(
        "ATL9529", "Power that the system does not allow", "Add it to the program's 'allow' if the system agrees, or make the need optional.");

    /// <summary>Something is allowed that the program does not need.</summary>
    public static DiagnosticDescriptor PowerNotNeeded { get; } = new(
        "ATL9530", "Power that nobody asks for", "Remove it from 'allow'.");

    /// <summary>A budget that is no budget.</summary>
    public static DiagnosticDescriptor BudgetUnclear { get; } = new(
        "ATL9531", "Budget without a period, or longer", "Write both, the budget not longer than the period, or neither.");

    /// <summary>A range of ports that is not as long as the need.</summary>
    public static DiagnosticDescriptor PortsDiffer { get; } = new(
        "ATL9532", "Ports do not fit the need", "The range must have as many ports as the program's manifest says.");

    /// <summary>A port, a line or a device that two programs would have.</summary>
    public static DiagnosticDescriptor DeviceTaken { get; } = new(
        "ATL9533", "Device given twice", "A port, a line or a device belongs to one program on one core.");

    /// <summary>A region that the system does not have.</summary>
    public static DiagnosticDescriptor RegionUnknown { get; } = new(
        "ATL9534", "The system has no such region", "Add a [[region]], or correct the name.");

    /// <summary>A region that nobody has.</summary>
    public static DiagnosticDescriptor RegionUnused { get; } = new(
        "ATL9535", "Region that no program maps", "Remove it, or give it to a program.");

    /// <summary>A region that is smaller than the program wants.</summary>
    public static DiagnosticDescriptor RegionTooSmall { get; } = new(
        "ATL9536", "Region smaller than the need", "Raise its 'size_kib'.");

    /// <summary>A region where something else is, or no program may have anything.</summary>
    public static DiagnosticDescriptor AddressTaken { get; } = new(
        "ATL9537", "No place for the region there", "Choose another 'at'; docs/systems.md lists what is taken.");

    /// <summary>Memory that the program does not fit into.</summary>
    public static DiagnosticDescriptor MemoryTooSmall { get; } = new(
        "ATL9538", "Memory too small", "Raise it, or remove 'memory_kib': then it is computed.");

    /// <summary>Programs of a core that need more than the grant.</summary>
    public static DiagnosticDescriptor GrantTooSmall { get; } = new(
        "ATL9539", "Programs do not fit into the grant", "Raise 'grant_mib', or need less memory.");

    /// <summary>More than Init has room for.</summary>
    public static DiagnosticDescriptor TooMany { get; } = new(
        "ATL9540", "Too many", "Split the system, or need less.");

    /// <summary>Arguments that do not fit.</summary>
    public static DiagnosticDescriptor ArgumentsTooLong { get; } = new(
        "ATL9541", "Arguments too long", "Shorten them.");

    /// <summary>A bundle that Init cannot map.</summary>
    public static DiagnosticDescriptor BundleTooLarge { get; } = new(
        "ATL9542", "Bundle too large", "Use fewer or smaller programs: Init maps the whole bundle.");

    /// <summary>A limit of restarts where there are none.</summary>
    public static DiagnosticDescriptor RestartUnclear { get; } = new(
        "ATL9543", "Restarts of a program that is never restarted", "Write restart = \"on-fault\", or remove them.");

    /// <summary>A program that cannot hear of faults.</summary>
    public static DiagnosticDescriptor NobodyWatches { get; } = new(
        "ATL9544", "Faults go to nobody", "Name another program, one whose manifest has a need of kind \"faults\".");

    /// <summary>A core that the system does not ask for.</summary>
    public static DiagnosticDescriptor NoSuchCore { get; } = new(
        "ATL9545", "No such core", "Cores count from 0: raise 'cores', or choose another core.");

    /// <summary>An end of a channel that is not named.</summary>
    public static DiagnosticDescriptor BadReference { get; } = new(
        "ATL9546", "Not PROGRAM.NEED", "Name an end of a channel as \"PROGRAM.NEED\"; Init's own channel is \"init\".");

    /// <summary>A device in a system without the program that hands devices out.</summary>
    public static DiagnosticDescriptor NobodyHandsOut { get; } = new(
        "ATL9547", "No program hands devices out", "Add the program 'pci', and allow it \"devices\"; or one of your own with a need of kind \"devices\".");

    /// <summary>A program that hears of deaths, and whose other signals would be taken for some.</summary>
    public static DiagnosticDescriptor SignalsCollide { get; } = new(
        "ATL9548", "Signals of deaths and others", "Give interrupts and channels of rings to another program: bits of deaths stand for programs.");

    /// <summary>All kinds, by id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        UnreadableFile, Syntax, UnknownKey, MissingKey, WrongKind, OutOfRange, BadName, DuplicateName, UnknownWord,
        KeyOfOtherKind, TooManyNeeds, OtherFileName,
        ProgramImageUnknown, ProgramImageBroken, ProgramUnknown, NeedUnknown, NeedOfOtherKind, NeedUnsatisfied,
        NeedSatisfiedTwice, ProtocolDiffers, CoreDiffers, PowerNotAllowed, PowerNotNeeded, BudgetUnclear, PortsDiffer,
        DeviceTaken, RegionUnknown, RegionUnused, RegionTooSmall, AddressTaken, MemoryTooSmall, GrantTooSmall, TooMany,
        ArgumentsTooLong, BundleTooLarge, RestartUnclear, NobodyWatches, NoSuchCore, BadReference,
        NobodyHandsOut, SignalsCollide,
    ];
}
