namespace Atoll.Linker.Diagnostics;

/// <summary>What can be wrong with the file of a program (<c>program.toml</c>) or of a system (<c>systems/NAME.toml</c>).</summary>
/// <remarks>950x: any TOML file. 951x: programs. docs/systems.md has them all.</remarks>
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

    /// <summary>All kinds, by id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        UnreadableFile, Syntax, UnknownKey, MissingKey, WrongKind, OutOfRange, BadName, DuplicateName, UnknownWord,
        KeyOfOtherKind, TooManyNeeds, OtherFileName,
    ];
}
