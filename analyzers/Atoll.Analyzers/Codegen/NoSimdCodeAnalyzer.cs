using Atoll.Analyzers.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Codegen;

/// <summary>ATL0901: [NoSimd] code has nothing for which the compiler takes a SIMD register.</summary>
/// <remarks>What it calls is held to the promise by ATL0011. [Trusted] ends the proof here; the linker's proof goes on.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoSimdCodeAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0901",
        "SIMD in [NoSimd] code",
        "'{0}' {1}: the compiler takes SIMD registers for that",
        "Atoll.Codegen",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "An interrupt entry that has not saved them would change what the interrupted code computes.",
        "docs/rules/ATL0901.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationBlockAction(InspectBody);
        context.RegisterSymbolAction(
            static inner => InspectSignature((IMethodSymbol)inner.Symbol, inner.ReportDiagnostic), SymbolKind.Method);
    }

    private static void InspectBody(OperationBlockAnalysisContext context)
    {
        var held = new Dictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in context.Everything())
        {
            ISymbol function = operation.EnclosingFunction(context.OwningSymbol);
            if (!held.TryGetValue(function, out bool isHeld))
            {
                held.Add(function, isHeld = IsHeld(function));
            }

            if (isHeld && SimdUse.Of(operation) is { } why && !operation.IsInAttribute())
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, operation.Syntax.GetLocation(), operation.Syntax.ToString(), why));
            }
        }
    }

    private static void InspectSignature(IMethodSymbol method, Action<Diagnostic> report)
    {
        if (method.IsImplicitlyDeclared || !IsHeld(method))
        {
            return;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter is { RefKind: RefKind.None, IsImplicitlyDeclared: false } && SimdUse.IsNumber(parameter.Type))
            {
                report(Diagnostic.Create(s_rule, parameter.Place(), parameter.Name, "is passed in one"));
            }
        }
    }

    private static bool IsHeld(ISymbol function) =>
        (Contract.Of(function).Promises & Promises.NoSimd) != 0 && !KernelProfile.IsTrusted(function);
}
