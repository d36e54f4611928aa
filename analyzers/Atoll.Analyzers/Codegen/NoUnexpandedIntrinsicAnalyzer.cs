using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Codegen;

/// <summary>ATL0903: an intrinsic that ILC 10.0 leaves as a call is not used.</summary>
/// <remarks>In a core library such a method is written as a call of itself, so it would never return.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoUnexpandedIntrinsicAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0903",
        "Intrinsic that does not expand",
        "'{0}' stays a call: {1}",
        "Atoll.Codegen",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "It looks like one instruction and is none.",
        "docs/rules/ATL0903.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private static readonly ImmutableArray<(string Type, string? Method, string Instead)> s_unexpanded =
    [
        ("System.Numerics.BitOperations", "Log2", "use LeadingZeroCount"),
        ("System.Math", "BigMul", "use X86Base.X64 or Bmi2.X64"),
        ("System.Runtime.Intrinsics.X86.X86Base", "CpuId", "use a stub in Arch"),
        ("System.Runtime.Intrinsics.X86.WaitPkg", null, "use a stub in Arch"),
    ];

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(Inspect, OperationKind.Invocation, OperationKind.MethodReference);

    private static void Inspect(OperationAnalysisContext context)
    {
        IMethodSymbol method = context.Operation is IInvocationOperation call
            ? call.TargetMethod
            : ((IMethodReferenceOperation)context.Operation).Method;
        if (context.Operation.IsInNameOf())
        {
            return;
        }

        foreach ((string type, string? name, string instead) in s_unexpanded)
        {
            if ((name is null || method.Name == name) && Outermost(method.ContainingType).IsNamed(type))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, context.Operation.Syntax.GetLocation(), method.Display(), instead));
            }
        }
    }

    // WaitPkg.X64 is as WaitPkg.
    private static INamedTypeSymbol Outermost(INamedTypeSymbol type)
    {
        INamedTypeSymbol outermost = type;
        while (outermost.ContainingType is { } outer)
        {
            outermost = outer;
        }

        return outermost;
    }
}
