namespace Atoll.Linker.Diagnostics;

/// <summary>Everything that the linker can object to.</summary>
/// <remarks>900x: what the C# subset forbids. 901x: symbols and relocations. 902x: inputs. 903x: the image. 904x:
/// files. 905x and 906x: the proof. 95xx: descriptions of programs and systems.</remarks>
public static class DiagnosticCatalogue
{
    /// <summary>Compiled code calls a runtime that the kernel does not have.</summary>
    public static DiagnosticDescriptor ForbiddenRuntimeSymbol { get; } = new(
        "ATL9001", "Forbidden runtime symbol", "The image has no .NET runtime: write it without.");

    /// <summary>A static constructor was not evaluated at compile time.</summary>
    public static DiagnosticDescriptor EagerStaticConstructor { get; } = new(
        "ATL9002",
        "Static constructor survived compilation",
        "Nobody would run it and its statics would read zero. Use constants, or set the fields when booting.");

    /// <summary>A function's frame is larger than a page.</summary>
    public static DiagnosticDescriptor FrameTooLarge { get; } = new(
        "ATL9007",
        "Stack frame over 4096 bytes",
        "It could step over the stack's guard page. Pass the large struct by ref, or split the method.");

    /// <summary>Kept code refers to a name that nobody defines.</summary>
    public static DiagnosticDescriptor UndefinedSymbol { get; } = new(
        "ATL9010",
        "Undefined symbol",
        "Add the object or trampoline that defines it, or correct the name in RuntimeImport.");

    /// <summary>Two definitions of one name.</summary>
    public static DiagnosticDescriptor DuplicateSymbol { get; } = new(
        "ATL9011", "Duplicate symbol", "Rename one of them; names of exports and stubs are global.");

    /// <summary>An entry that the image cannot do without is absent.</summary>
    public static DiagnosticDescriptor MissingRoot { get; } = new(
        "ATL9012",
        "Missing root",
        "Export it with [RuntimeExport] from a method that the compiler sees (docs/image.md, Symbols).");

    /// <summary>A relocation that the linker does not do there.</summary>
    public static DiagnosticDescriptor UnknownRelocation { get; } = new(
        "ATL9013",
        "Unsupported relocation",
        "Loaded code and data may use R_X86_64_64, PC32 and PLT32 only. Compile with the flags of kernel/Image.");

    /// <summary>A relocated value does not fit.</summary>
    public static DiagnosticDescriptor RelocationOverflow { get; } = new(
        "ATL9014", "Relocation overflow", "The target is farther away than the field can say.");

    /// <summary>Thread-local storage.</summary>
    public static DiagnosticDescriptor ThreadLocal { get; } = new(
        "ATL9015",
        "Thread-local storage",
        "An instance has one thread: use an ordinary field of its state, and no [ThreadStatic].");

    /// <summary>Something that a start-up routine or a dynamic loader would have to do.</summary>
    public static DiagnosticDescriptor StartupWork { get; } = new(
        "ATL9016",
        "Work for a start-up routine",
        "There is none: nobody would do it, and nothing would tell. Call it by name instead.");

    /// <summary>Not an object file of the right kind.</summary>
    public static DiagnosticDescriptor WrongFileKind { get; } = new(
        "ATL9020",
        "Not an ELF64 file for x86-64",
        "Pass what ilc writes with --targetos linux --targetarch x64 --nativelib.");

    /// <summary>An ELF file that contradicts itself.</summary>
    public static DiagnosticDescriptor MalformedElf { get; } = new(
        "ATL9021", "Malformed ELF file", "The file is damaged or was cut off: build it again.");

    /// <summary>Call frame information that contradicts itself.</summary>
    public static DiagnosticDescriptor MalformedCallFrames { get; } = new(
        "ATL9022",
        "Malformed or unsupported call frame information",
        "Panics could not be traced back: build the object again.");

    /// <summary>Line numbers that contradict themselves.</summary>
    public static DiagnosticDescriptor MalformedLines { get; } = new(
        "ATL9023", "Malformed or unsupported line table", "Compile with -g for DWARF 4, and without --gdwarf-5.");

    /// <summary>Debug information that refers to what it cannot.</summary>
    public static DiagnosticDescriptor MalformedDebugInfo { get; } = new(
        "ATL9024", "Malformed debug information", "Build the object again.");

    /// <summary>A segment does not fit where it must lie.</summary>
    public static DiagnosticDescriptor ImageTooLarge { get; } = new(
        "ATL9030",
        "Image too large for its window",
        "Remove code or data; the windows are in kernel/Abi/Image/ImageLayout.cs.");

    /// <summary>Something would be writable and executable.</summary>
    public static DiagnosticDescriptor WritableAndExecutable { get; } = new(
        "ATL9031", "Writable and executable", "No page of an image is both.");

    /// <summary>A fragment does not keep its own word.</summary>
    public static DiagnosticDescriptor FragmentBroken { get; } = new(
        "ATL9032", "Fragment breaks its contract", "This is a defect of the linker (linker/Model/Fragment.cs).");

    /// <summary>An input cannot be read.</summary>
    public static DiagnosticDescriptor UnreadableInput { get; } = new(
        "ATL9040", "Input cannot be read", "Check the path and the rights.");

    /// <summary>An output cannot be written.</summary>
    public static DiagnosticDescriptor UnwritableOutput { get; } = new(
        "ATL9041", "Output cannot be written", "Check the path, the rights and the space that is left.");

    /// <summary>A bundle that contradicts itself.</summary>
    public static DiagnosticDescriptor MalformedBundle { get; } = new(
        "ATL9042", "Malformed bundle", "The file is damaged, was cut off, or is none: bundle again.");

    /// <summary>Something was asked for that cannot be made.</summary>
    public static DiagnosticDescriptor BadRequest { get; } = new(
        "ATL9043", "Request cannot be met", "See --help.");

    /// <summary>All kinds, by id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        ForbiddenRuntimeSymbol, EagerStaticConstructor, FrameTooLarge,
        UndefinedSymbol, DuplicateSymbol, MissingRoot, UnknownRelocation, RelocationOverflow, ThreadLocal, StartupWork,
        WrongFileKind, MalformedElf, MalformedCallFrames, MalformedLines, MalformedDebugInfo,
        ImageTooLarge, WritableAndExecutable, FragmentBroken,
        UnreadableInput, UnwritableOutput, MalformedBundle, BadRequest,
        .. Proof.ProofDiagnostics.All,
        .. DescriptionDiagnostics.All,
    ];
}
