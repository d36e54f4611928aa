using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Exceptions;

/// <summary>ATL0204: no division that may trap, and no arithmetic that throws.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoHiddenTrapAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0204",
        "Hidden trap",
        "'{0}' {1}",
        "Atoll.Exceptions",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A division that traps and an overflow that throws end the instance, and nothing in the text says so.",
        "docs/rules/ATL0204.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationBlockAction(InspectDivisions);
        context.RegisterOperationAction(
            InspectOverflow, OperationKind.Binary, OperationKind.Unary, OperationKind.CompoundAssignment, OperationKind.Increment,
            OperationKind.Decrement, OperationKind.Conversion);
    }

    private static void InspectDivisions(OperationBlockAnalysisContext context)
    {
        if (!context.Everything().Any(DivisorFlow.Concerns))
        {
            return;
        }

        var open = new OpenVariables(context.Everything(), context.OwningSymbol);
        foreach ((ISymbol function, Microsoft.CodeAnalysis.FlowAnalysis.ControlFlowGraph graph) in FunctionGraphs.Of(context))
        {
            if (KernelProfile.IsTrusted(function))
            {
                continue;
            }

            foreach ((IOperation divisor, DivisorFault faults) in DivisorFlow.Find(function, graph, open))
            {
                string why = faults switch
                {
                    DivisorFault.Zero => "may be zero",
                    DivisorFault.MinusOne => "may be -1, and what it divides the lowest number",
                    _ => "may be zero, or -1 where the lowest number is divided",
                };
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, divisor.Syntax.GetLocation(), divisor.Syntax.ToString(), why));
            }
        }
    }

    private static void InspectOverflow(OperationAnalysisContext context)
    {
        IOperation operation = context.Operation;
        bool throws = operation switch
        {
            IBinaryOperation { IsChecked: true, OperatorMethod: null } binary => IsArithmetic(binary.OperatorKind),
            ICompoundAssignmentOperation { IsChecked: true, OperatorMethod: null } compound => IsArithmetic(compound.OperatorKind),
            IUnaryOperation { IsChecked: true, OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus } => true,
            IIncrementOrDecrementOperation { IsChecked: true, OperatorMethod: null } => true,
            IConversionOperation { IsChecked: true, IsImplicit: false, OperatorMethod: null } => true,
            _ => false,
        };
        if (throws && !operation.ConstantValue.HasValue && !operation.IsInAttribute()
            && (Divisors.IsInteger(operation.Type) || operation.Type is { TypeKind: TypeKind.Enum })
            && !KernelProfile.IsTrusted(operation.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, operation.Syntax.GetLocation(), operation.Syntax.ToString(), "is checked: it throws when it overflows"));
        }
    }

    private static bool IsArithmetic(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply;
}
