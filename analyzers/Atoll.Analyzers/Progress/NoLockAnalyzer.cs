using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>ATL0101: nothing waits for another to leave a critical section.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoLockAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0101",
        "No lock",
        "'{0}' locks: the owner may never come back, so send a message instead",
        "Atoll.Progress",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "State has one owner. Others ask it by message and have a deadline.",
        "docs/rules/ATL0101.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private static readonly ImmutableArray<string> s_locks =
    [
        "System.Threading.Monitor",
        "System.Threading.Lock",
        "System.Threading.Mutex",
        "System.Threading.Semaphore",
        "System.Threading.SemaphoreSlim",
        "System.Threading.SpinLock",
        "System.Threading.ReaderWriterLock",
        "System.Threading.ReaderWriterLockSlim",
        "System.Threading.Barrier",
    ];

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        ImmutableHashSet<ISymbol> locks = ImmutableHashSet.CreateRange<ISymbol>(
            SymbolEqualityComparer.Default,
            s_locks.SelectMany(name => profile.Compilation.GetTypesByMetadataName(name)));

        context.RegisterOperationAction(
            static inner => Report(inner.ReportDiagnostic, inner.Operation.Syntax.GetLocation(), "lock"),
            OperationKind.Lock);
        context.RegisterOperationAction(
            inner =>
            {
                IMethodSymbol? method = inner.Operation switch
                {
                    IInvocationOperation invocation => invocation.TargetMethod,
                    IObjectCreationOperation creation => creation.Constructor,
                    IMethodReferenceOperation reference => reference.Method,
                    _ => null,
                };
                if (method is not null && locks.Contains(method.ContainingType))
                {
                    Report(inner.ReportDiagnostic, inner.Operation.Syntax.GetLocation(), method.Display());
                }
            },
            OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.MethodReference);
        context.RegisterSymbolAction(
            static inner =>
            {
                var method = (IMethodSymbol)inner.Symbol;
                if ((method.MethodImplementationFlags & MethodImplAttributes.Synchronized) != 0)
                {
                    Report(inner.ReportDiagnostic, method.Place(), "MethodImplOptions.Synchronized");
                }
            },
            SymbolKind.Method);
    }

    private static void Report(Action<Diagnostic> report, Location location, string what) =>
        report(Diagnostic.Create(s_rule, location, what));
}
