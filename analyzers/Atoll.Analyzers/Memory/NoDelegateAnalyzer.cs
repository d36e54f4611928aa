using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0004: no delegate is made from a method, a lambda, or two delegates; nor an expression tree.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDelegateAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0004",
        "No delegate",
        "'{0}' would be an object on a heap that does not exist: use a function pointer or a static abstract member",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A delegate is an object, and so is the closure of a lambda.",
        "docs/rules/ATL0004.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect,
            OperationKind.DelegateCreation,
            OperationKind.AnonymousFunction,
            OperationKind.Binary,
            OperationKind.CompoundAssignment);

    private static void Inspect(OperationAnalysisContext context)
    {
        IOperation operation = context.Operation;
        bool makesDelegate = operation switch
        {
            IDelegateCreationOperation => true,

            // What is not under a delegate creation becomes an expression tree.
            IAnonymousFunctionOperation lambda => lambda.Parent is not IDelegateCreationOperation,

            // Combining or removing makes a new delegate; comparing does not.
            _ => operation.Type is { TypeKind: TypeKind.Delegate },
        };

        if (makesDelegate)
        {
            ITypeSymbol? type = operation.Type ?? operation.Parent?.Type;
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, operation.Syntax.GetLocation(), type?.Display() ?? "lambda"));
        }
    }
}
