using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0405: only the members of a [Linear] type make its values.</summary>
/// <remarks>
/// Everything else gets them from there. [NonCopyable] values are not tokens of anything and may be made by all.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoForgeryAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0405",
        "Forged capability",
        "Only members of '{0}' make one",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A capability that anybody can make proves nothing.",
        "docs/rules/ATL0405.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect,
            OperationKind.ObjectCreation, OperationKind.DefaultValue, OperationKind.TypeParameterObjectCreation,
            OperationKind.With, OperationKind.Invocation);

    private static void Inspect(OperationAnalysisContext context)
    {
        IOperation operation = context.Operation;
        ITypeSymbol? made = operation is IInvocationOperation call ? Uninitialised(call) : operation.Type;
        bool mayBeLinear = Owned.IsLinear(made) || made is ITypeParameterSymbol && Owned.IsOwned(made);
        ISymbol function = operation.EnclosingFunction(context.ContainingSymbol);
        if (mayBeLinear && !Owned.IsMint(context.ContainingSymbol, made!) && !operation.IsInAttribute()
            && !KernelProfile.IsTrusted(function))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, operation.Syntax.GetLocation(), made!.Display()));
        }
    }

    // Memory that is called a value without having been one.
    private static ITypeSymbol? Uninitialised(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isCast = method.Name is "SkipInit" or "As" or "AsRef" or "BitCast" or "Read" or "ReadUnaligned"
                && method.ContainingType.IsNamed("System.Runtime.CompilerServices.Unsafe")
            || method.Name is "Read" or "AsRef" or "Cast"
                && method.ContainingType.IsNamed("System.Runtime.InteropServices.MemoryMarshal");
        return isCast ? method.TypeArguments.LastOrDefault(Owned.IsLinear) : null;
    }
}
