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
        if (IsThreadLocal(reference.Target?.Piece))
        {
            Report(image, DiagnosticCatalogue.ThreadLocal, referrer, reference, "is thread-local");
            return false;
        }

        // A definition of a runtime's own helper does not make calling it right: the kernel would have grown a runtime.
        bool isRuntimes = reference.Symbol.StartsWith("Rh", StringComparison.Ordinal);
        if (reference.Target is not null && !isRuntimes)
        {
            return true;
        }

        if (reference.Symbol == ForbiddenSymbols.StackProbe)
        {
            Report(image, DiagnosticCatalogue.FrameTooLarge, referrer, reference, "probes a stack frame of more than 4096 bytes");
            return false;
        }

        if (ForbiddenSymbols.TryExplain(reference.Symbol, out string cause))
        {
            Report(image, DiagnosticCatalogue.ForbiddenRuntimeSymbol, referrer, reference, $"is asked for: {cause}");
            return false;
        }

        if (reference.Target is null)
        {
            Report(image, DiagnosticCatalogue.UndefinedSymbol, referrer, reference, "is not defined anywhere");
            return false;
        }

        return true;
    }

    private static bool IsThreadLocal(Piece? target) => target is ObjectPiece { Section.IsThreadLocal: true };

    private static void Report(
        LinkImage image, DiagnosticDescriptor descriptor, Piece referrer, Reference reference, string what) =>
        image.Diagnostics.Report(
            descriptor,
            $"'{reference.Symbol}', which '{MethodNames.Readable(referrer.Name)}' refers to, {what}.",
            reference.Symbol,
            referrer.Name,
            LinkImage.LineAt(referrer, reference.Offset));
}
