using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Stack;

/// <summary>ATL0304: the variables of a function fit into two kilobytes.</summary>
/// <remarks>
/// An estimate on source: every local counts once, wherever its scope ends, since the compiler does not overlap them.
/// What it inlines and spills is known to the linker only.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SmallFrameAnalyzer() : KernelRule(s_rule)
{
    // A quarter of a kernel stack of two pages: what calls it and what it calls need theirs.
    private const int FrameBytesMax = 2048;

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0304",
        "Frame too large",
        "The variables of '{0}' are {1} bytes, more than {2}; the largest is '{3}'",
        "Atoll.Stack",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Stacks are small, fixed, and shared by everything that is active.",
        "docs/rules/ATL0304.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationBlockAction(Inspect);

    private static void Inspect(OperationBlockAnalysisContext context)
    {
        IEnumerable<IGrouping<ISymbol, ILocalSymbol>> frames = context.OperationBlocks
            .SelectMany(OperationFacts.Everything)
            .SelectMany(operation => Declared(operation)
                .Select(local => (Local: local, Function: operation.EnclosingFunction(context.OwningSymbol))))
            .GroupBy(static pair => pair.Function, static pair => pair.Local, SymbolEqualityComparer.Default)!;

        foreach (IGrouping<ISymbol, ILocalSymbol> frame in frames)
        {
            List<(ILocalSymbol Local, int Bytes)> sizes =
                [.. frame.Select(static local => (local, ValueExtent.SizeOf(local.Type)))];
            long bytes = sizes.Sum(static one => (long)one.Bytes);
            if (bytes > FrameBytesMax)
            {
                string largest = sizes.OrderByDescending(static one => one.Bytes).First().Local.Name;
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, frame.Key.Place(), frame.Key.Display(), bytes, FrameBytesMax, largest));
            }
        }
    }

    private static IEnumerable<ILocalSymbol> Declared(IOperation operation)
    {
        ISymbol? symbol = operation switch
        {
            IVariableDeclaratorOperation declarator => declarator.Symbol,
            ILocalReferenceOperation { IsDeclaration: true } reference => reference.Local,
            IDeclarationPatternOperation pattern => pattern.DeclaredSymbol,
            IRecursivePatternOperation pattern => pattern.DeclaredSymbol,
            IListPatternOperation pattern => pattern.DeclaredSymbol,
            _ => null,
        };
        if (symbol is ILocalSymbol { RefKind: RefKind.None, IsConst: false } local)
        {
            yield return local;
        }
    }
}
