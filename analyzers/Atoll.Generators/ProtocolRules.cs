using Microsoft.CodeAnalysis;

namespace Atoll.Generators;

/// <summary>What the generators refuse. Every one has a page: docs/protocols.</summary>
internal static class ProtocolRules
{
    public static readonly DiagnosticDescriptor Declaration = new(
        "ATL1101", "Protocol declaration", "'{0}' is no protocol: {1}", "Atoll.Protocols", DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A protocol is a public interface of a namespace, named IName, without type parameters and bases, with a lower-case name and a version from 1 on.",
        "docs/protocols/ATL1101.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor Member = new(
        "ATL1102", "Member that cannot be called over a protocol", "'{0}' cannot be called over a protocol: {1}", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Methods without a body and without type parameters, each with a name of its own.",
        "docs/protocols/ATL1102.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor Type = new(
        "ATL1103", "Type that does not travel", "'{0}' is of type '{1}', which does not travel: {2}", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "Integers of 8 to 64 bits, bool, enums, handles of capabilities; ReadOnlySpan<byte> to the server, Span<byte> from it.",
        "docs/protocols/ATL1103.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor Room = new(
        "ATL1104", "Room without a length", "'{0}': {1}", "Atoll.Protocols", DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A method has one Span<byte> at most, and the next parameter is 'out uint': how many bytes of it the server filled.",
        "docs/protocols/ATL1104.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor TooManyWords = new(
        "ATL1105", "Too many words", "'{0}' needs {1} words {2}, and a message has 120", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A parameter is one word; a span needs one more for its first bytes.",
        "docs/protocols/ATL1105.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor NameTaken = new(
        "ATL1106", "Name is taken", "A parameter of '{0}' cannot be called '{1}': the generated code uses that name", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The generated methods have parameters and variables of their own beside those of the interface.",
        "docs/protocols/ATL1106.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor MissingId = new(
        "ATL1107", "Method without id", "'{0}' has no id in version {1} of {2}.protocol.txt; add the line '{3}'", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The number that a method travels under is written down once, in a file that is reviewed.",
        "docs/protocols/ATL1107.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor ShippedLine = new(
        "ATL1108", "Bad line in a file of ids", "Line '{0}': {1}", "Atoll.Protocols", DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A line is '# comment', 'version N', or 'ID SIGNATURE' with an id and a name that no other line of the version has.",
        "docs/protocols/ATL1108.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor Changed = new(
        "ATL1109", "Meaning of an id changed", "Id {0} of protocol '{1}' meant '{2}' in version {3} and means '{4}' now; raise the version", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A program that was built before would be misunderstood. With another version a system does not join the two.",
        "docs/protocols/ATL1109.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor Program = new(
        "ATL1110", "Entry of a program", "'{0}' cannot be where the program begins: {1}", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "One method of an assembly is: static void, with 'in ProgramStart' as its only parameter, seen by its assembly.",
        "docs/protocols/ATL1110.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor TooManyCapabilities = new(
        "ATL1111", "Too many capabilities", "'{0}' carries {1} capabilities {2}, and a message takes 3 along", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "The kernel grants three capabilities with one message.",
        "docs/protocols/ATL1111.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);

    public static readonly DiagnosticDescriptor Handle = new(
        "ATL1112", "Handle that cannot travel", "'{0}', the type of '{1}', is marked [Capability] and cannot travel: {2}", "Atoll.Protocols",
        DiagnosticSeverity.Error, isEnabledByDefault: true,
        "A handle is made of an address, tells it, and stands for a kind of capability that can be copied.",
        "docs/protocols/ATL1112.md", WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler);
}
