using Atoll.Analyzers.Ownership;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Stack;

/// <summary>ATL0305: a struct that does not fit into two registers is passed by reference.</summary>
/// <remarks>
/// An owned value moves by value, so it is exempt. A type parameter's size is not known, so it is not counted.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PassLargeByReferenceAnalyzer() : KernelRule(s_rule)
{
    // System V AMD64 ABI, "Parameter Passing": a larger struct has class MEMORY.
    private const int RegistersBytes = 16;

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0305",
        "Large struct by value",
        "'{0}' is {1} bytes, more than two registers: pass it by 'in'",
        "Atoll.Stack",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Each call would copy it to the stack, through SIMD registers.",
        "docs/rules/ATL0305.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSymbolAction(
            static inner => Inspect((IMethodSymbol)inner.Symbol, inner.ReportDiagnostic), SymbolKind.Method);
        context.RegisterSyntaxNodeAction(
            static inner =>
            {
                if (inner.SemanticModel.GetDeclaredSymbol(inner.Node, inner.CancellationToken) is IMethodSymbol function)
                {
                    Inspect(function, inner.ReportDiagnostic);
                }
            },
            SyntaxKind.LocalFunctionStatement);
    }

    private static void Inspect(IMethodSymbol method, Action<Diagnostic> report)
    {
        // The signature is somebody else's: it is reported there.
        if (method.IsImplicitlyDeclared || method.IsOverride || !method.ExplicitInterfaceImplementations.IsEmpty
            || method.PartialDefinitionPart is not null || method.MethodKind == MethodKind.PropertySet)
        {
            return;
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter is { RefKind: RefKind.None, Type: { TypeKind: TypeKind.Struct } type }
                && ValueExtent.SizeOf(type) is > RegistersBytes and var bytes && !Owned.IsOwned(type) && !Implements(method))
            {
                report(Diagnostic.Create(s_rule, parameter.Place(), parameter.Name, bytes));
            }
        }
    }

    private static bool Implements(IMethodSymbol method) =>
        method.ContainingType.AllInterfaces.SelectMany(one => one.GetMembers(method.Name)).Any(promised =>
            SymbolEqualityComparer.Default.Equals(
                method.ContainingType.FindImplementationForInterfaceMember(promised), method));
}
