using Atoll.Linker.Diagnostics;
using Atoll.Linker.Map;
using Atoll.Linker.Model;

namespace Atoll.Linker.Passes;

/// <summary>Keeps what the roots reach and nothing else; objects to what kept code may not refer to.</summary>
/// <remarks>
/// What nothing reaches may refer to anything: ILC always emits a start-up routine for a runtime that is not there.
/// </remarks>
public static class MarkReachable
{
    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        Queue<Piece> reached = new();
        foreach (string root in image.Roots)
        {
            if (image.Symbols.Find(root)?.Piece is { } piece)
            {
                Keep(piece, reached);
            }
            else
            {
                image.Diagnostics.Report(
                    DiagnosticCatalogue.MissingRoot, $"No object and no fragment defines the root '{root}'.", root);
            }
        }

        while (reached.TryDequeue(out Piece? referrer))
        {
            foreach (Reference reference in referrer.References)
            {
                if (IsAllowed(image, referrer, reference) && reference.Target?.Piece is { } target)
                {
                    Keep(target, reached);
                }
            }
        }
    }

    private static void Keep(Piece piece, Queue<Piece> reached)
    {
        if (!piece.IsKept)
        {
            piece.IsKept = true;
            reached.Enqueue(piece);
        }
    }

    private static bool IsAllowed(LinkImage image, Piece referrer, Reference reference)
    {
        if (WhatIsWrong(MethodNames.Readable(referrer.Name), reference) is not { } wrong)
        {
            return true;
        }

        image.Diagnostics.Report(
            wrong.Descriptor,
            wrong.What,
            reference.Symbol,
            referrer.Name,
            LinkImage.LineAt(referrer, reference.Offset));
        return false;
    }

    private static (DiagnosticDescriptor Descriptor, string What)? WhatIsWrong(string referrer, Reference reference)
    {
        string symbol = reference.Symbol;
        if (reference.Target?.Piece is ObjectPiece { Section.IsThreadLocal: true })
        {
            return (DiagnosticCatalogue.ThreadLocal, $"'{referrer}' refers to thread-local '{symbol}'.");
        }

        // A definition of a runtime's own helper does not make calling it right: the kernel would have grown a runtime.
        bool isRuntimes = symbol.StartsWith("Rh", StringComparison.Ordinal);
        if (reference.Target is not null && !isRuntimes)
        {
            return null;
        }

        if (symbol == ForbiddenSymbols.StackProbe)
        {
            return (DiagnosticCatalogue.FrameTooLarge, $"'{referrer}' has a frame larger than a page ('{symbol}').");
        }

        if (ForbiddenSymbols.TryExplain(symbol, out string cause))
        {
            return (DiagnosticCatalogue.ForbiddenRuntimeSymbol, $"'{referrer}' needs '{symbol}': {cause}.");
        }

        return reference.Target is null
            ? (DiagnosticCatalogue.UndefinedSymbol, $"'{referrer}' refers to '{symbol}', which nothing defines.")
            : null;
    }
}
