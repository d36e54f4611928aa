using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0702: what goes around the type system is called from [Trusted] code only.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnsafeInTrustedOnlyAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0702",
        "Unsafe class outside Trusted",
        "'{0}' goes around the type system outside [Trusted] code",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "It needs no 'unsafe' and proves nothing: somebody must say why it is right.",
        "docs/rules/ATL0702.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private static readonly ImmutableArray<string> s_types =
    [
        "System.Runtime.CompilerServices.Unsafe",
        "System.Runtime.InteropServices.MemoryMarshal",
        "System.Runtime.InteropServices.Marshal",
        "System.Runtime.InteropServices.NativeMemory",
        "System.Runtime.InteropServices.CollectionsMarshal",
    ];

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(Inspect, OperationKind.Invocation, OperationKind.MethodReference);

    private static void Inspect(OperationAnalysisContext context)
    {
        IMethodSymbol method = context.Operation is IInvocationOperation call
            ? call.TargetMethod
            : ((IMethodReferenceOperation)context.Operation).Method;
        if (method.Name == "SizeOf" || !s_types.Any(method.ContainingType.IsNamed)
            || SymbolEqualityComparer.Default.Equals(context.ContainingSymbol.ContainingType, method.ContainingType)
            || context.Operation.IsInNameOf()
            || KernelProfile.IsTrusted(context.Operation.EnclosingFunction(context.ContainingSymbol)))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            s_rule, context.Operation.Syntax.GetLocation(), method.Display()));
    }
}
