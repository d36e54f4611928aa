using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Map;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Objects to what must not be defined anywhere, reachable or not.</summary>
/// <remarks>
/// ILC lists the static constructors that it could not evaluate in <c>__EagerCctor</c> for a runtime that walks the
/// list. There is none: the constructors would never run, and whatever they initialise would silently read zero.
/// The same holds of constructors in objects of C, which nothing refers to, and of functions that a resolver chooses
/// (System V ABI, "Initialization and Termination Functions"; GNU, STT_GNU_IFUNC).
/// </remarks>
public static class CheckDefinitions
{
    private static readonly string[] s_startupSections =
    [
        ".init", ".fini", ".init_array", ".fini_array", ".preinit_array", ".ctors", ".dtors",
    ];

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (InputObject input in image.Objects)
        {
            foreach (ElfSection section in input.File.Sections.Where(IsStartupWork))
            {
                image.Diagnostics.Report(
                    DiagnosticCatalogue.StartupWork,
                    $"Section '{section.Name}' of '{input.Name}' has {section.SizeBytes} bytes for a start-up routine "
                    + $"(sh_type 0x{section.Type:x}).",
                    section.Name,
                    input.Name);
            }

            foreach (ElfSymbol symbol in input.File.Symbols)
            {
                if (symbol is { Type: ElfNative.STT_GNU_IFUNC, SectionIndex: not ElfNative.SHN_UNDEF })
                {
                    image.Diagnostics.Report(
                        DiagnosticCatalogue.StartupWork,
                        $"'{symbol.Name}' of '{input.Name}' is no function: its code chooses one at start-up (STT_GNU_IFUNC).",
                        symbol.Name,
                        input.Name);
                }

                if (symbol.Name == ForbiddenSymbols.EagerCctor && symbol.SectionIndex != ElfNative.SHN_UNDEF)
                {
                    ReportConstructors(image, input, symbol);
                }
            }
        }
    }

    /// <summary>Lists of functions to call, by type or by their traditional names, and whatever else is loaded for somebody
    /// to act upon.</summary>
    private static bool IsStartupWork(ElfSection section)
    {
        bool isKnown = section.Type is ElfNative.SHT_PROGBITS or ElfNative.SHT_NOBITS or ElfNative.SHT_NOTE
            or ElfNative.SHT_X86_64_UNWIND;
        bool isNamed = s_startupSections.Any(name =>
            section.Name == name || section.Name.StartsWith(name + ".", StringComparison.Ordinal));
        return section.IsLoaded && section.SizeBytes > 0 && (isNamed || !isKnown);
    }

    /// <summary>The list holds addresses: each names a constructor.</summary>
    private static void ReportConstructors(LinkImage image, InputObject input, ElfSymbol list)
    {
        bool hasNamedAny = false;
        if (input.Define(list)?.Piece is ObjectPiece piece)
        {
            foreach (Reference reference in piece.References)
            {
                Piece? constructor = reference.Target?.Piece;
                Report(image, input, reference.Symbol, constructor is null ? null : LinkImage.LineAt(constructor, 0));
                hasNamedAny = true;
            }
        }

        if (!hasNamedAny)
        {
            Report(image, input, list.Name, null);
        }
    }

    private static void Report(LinkImage image, InputObject input, string symbol, SourceLine? line) =>
        image.Diagnostics.Report(
            DiagnosticCatalogue.EagerStaticConstructor,
            $"The static constructor '{MethodNames.Readable(symbol)}' could not be evaluated at compile time.",
            symbol,
            input.Name,
            line);
}
