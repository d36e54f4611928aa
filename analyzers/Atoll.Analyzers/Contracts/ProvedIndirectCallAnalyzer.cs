using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Contracts;

/// <summary>ATL0013: a function with a contract calls through a pointer only where [Trusted] says what it points at.</summary>
/// <remarks>
/// A function pointer's type carries no promise. Wrap the call in a [Trusted] member of the struct that keeps the pointer.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProvedIndirectCallAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0013",
        "Indirect call unproved",
        "'{0}' promises {1}, and nothing says what this pointer points at",
        "Atoll.Contracts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A contract ends where the target is not known.",
        "docs/rules/ATL0013.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect, OperationKind.FunctionPointerInvocation, OperationKind.Invocation);

    private static void Inspect(OperationAnalysisContext context)
    {
        bool isIndirect = context.Operation is IFunctionPointerInvocationOperation
            or IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke };
        ISymbol function = context.Operation.EnclosingFunction(context.ContainingSymbol);
        if (!isIndirect || KernelProfile.IsTrusted(function))
        {
            return;
        }

        string promised = Contract.Of(function).MissingInCallee(default);
        if (promised.Length > 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, context.Operation.Syntax.GetLocation(), function.Display(), promised));
        }
    }
}
