using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Calls;

/// <summary>
/// ATL0010: a call goes to an assembly that carries the profile, or one end of it is <c>[Trusted]</c>.
/// </summary>
/// <remarks>
/// Every body in a profiled assembly is checked. So by induction this rule makes every other one transitive, at the
/// price of one look-up per call.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallStaysVerifiedAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0010",
        "Call leaves the verified set",
        "'{0}' is in '{1}', which does not carry KernelProfile: nothing says what it allocates, throws or waits for",
        "Atoll.Calls",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Give the other assembly the profile, or wrap the call in a [Trusted] member that says why it is safe.",
        "docs/rules/ATL0010.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(
            inner =>
            {
                IMethodSymbol? outside = Calls.Of(inner.Operation, inner.Compilation)
                    .FirstOrDefault(callee => Leaves(profile, callee));
                Report(inner, outside);
            },
            Calls.Kinds);
        context.RegisterOperationAction(
            inner =>
            {
                // The first touch of a static runs the type's static constructor.
                IFieldSymbol field = ((IFieldReferenceOperation)inner.Operation).Field;
                Report(inner, field is { IsStatic: true, IsConst: false, ContainingType.TypeKind: not TypeKind.Enum }
                    && Leaves(profile, field) ? field : null);
            },
            OperationKind.FieldReference);
    }

    private static bool Leaves(KernelProfile profile, ISymbol callee) =>
        callee.ContainingAssembly is { } assembly
        && !profile.IsVerified(assembly)
        && callee is not IMethodSymbol
        {
            ContainingType.SpecialType: SpecialType.System_Object,
            MethodKind: MethodKind.Constructor,
        }
        && !KernelProfile.IsTrusted(callee);

    private static void Report(OperationAnalysisContext context, ISymbol? callee)
    {
        IOperation operation = context.Operation;
        if (callee is null || operation.IsInAttribute() || operation.IsInNameOf()
            || context.ContainingSymbol.ContainingType.IsAttributeClass()
            || KernelProfile.IsTrusted(operation.EnclosingFunction(context.ContainingSymbol)))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            s_rule, operation.Syntax.GetLocation(), callee.Display(), callee.ContainingAssembly.Name));
    }
}
