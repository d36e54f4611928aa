using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Map;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Objects to what must not be defined anywhere, reachable or not.</summary>
/// <remarks>
/// ILC lists the static constructors that it could not evaluate in <c>__EagerCctor</c> for a runtime that walks the
/// list. There is none: the constructors would never run, and whatever they initialise would silently read zero.
/// </remarks>
public static class CheckDefinitions
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (InputObject input in image.Objects)
        {
            foreach (ElfSymbol symbol in input.File.Symbols)
            {
                if (symbol.Name == ForbiddenSymbols.EagerCctor && symbol.SectionIndex != ElfNative.SHN_UNDEF)
                {
                    ReportConstructors(image, input, symbol);
                }
            }
        }
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
