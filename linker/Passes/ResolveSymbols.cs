using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Gives every global name its one definition: boundaries, fragments, then objects.</summary>
public static class ResolveSymbols
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (string boundary in Boundaries.Names(image.Request.Profile))
        {
            Add(image, new Definition(boundary, null, 0), "the linker");
        }

        foreach (FragmentPiece piece in image.Fragments)
        {
            DefineFragment(image, piece);
        }

        foreach (InputObject input in image.Objects)
        {
            DefineGlobals(image, input);
        }
    }

    private static void DefineFragment(LinkImage image, FragmentPiece piece)
    {
        Fragment fragment = piece.Fragment;
        Add(image, new Definition(fragment.Name, piece, 0, 0, fragment.IsCode), "a fragment");

        (string Name, int Offset)[] inner = [.. fragment.InnerSymbols.OrderBy(symbol => symbol.OffsetBytes)];
        for (int index = 0; index < inner.Length; index++)
        {
            (string name, int start) = inner[index];
            int end = index + 1 < inner.Length ? inner[index + 1].Offset : fragment.SizeBytes;
            Definition symbol = new(name, piece, (ulong)start, (ulong)(end - start), fragment.IsCode);
            Add(image, symbol, "a fragment");
        }
    }

    private static void DefineGlobals(LinkImage image, InputObject input)
    {
        foreach (ElfSymbol symbol in input.File.Symbols)
        {
            if (symbol.Binding != ElfNative.STB_LOCAL && input.Define(symbol) is { } definition)
            {
                Add(image, definition, $"'{input.Name}'");
            }
        }
    }

    private static void Add(LinkImage image, Definition definition, string definer)
    {
        if (image.Symbols.TryAdd(definition))
        {
            return;
        }

        Piece? first = image.Symbols.Find(definition.Name)?.Piece;
        string firstDefiner = first is ObjectPiece compiled ? $"'{compiled.Input.Name}'" : "a fragment";
        image.Diagnostics.Report(
            DiagnosticCatalogue.DuplicateSymbol,
            $"'{definition.Name}' is defined by {(first is null ? "the linker" : firstDefiner)} and by {definer}.",
            definition.Name,
            definer,
            definition.Piece is { } piece ? LinkImage.LineAt(piece, definition.Offset) : null);
    }
}
