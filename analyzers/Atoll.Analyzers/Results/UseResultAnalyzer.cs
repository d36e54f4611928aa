using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>ATL0801: an answer that is <c>[MustUse]</c> is looked at; <c>_ =</c> is not looking.</summary>
/// <remarks>
/// The kernel has no exceptions, so a result that nobody reads is a failure that nobody notices. A local that is
/// assigned and never read is a discard with a name.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UseResultAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0801",
        "Result ignored",
        "Nobody looks at '{0}': handle it, return it, or state with Check.That why it cannot fail",
        "Atoll.Results",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Without exceptions a result is the only way to hear of a failure.",
        "docs/rules/ATL0801.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(
            static inner => Report(inner, ((IExpressionStatementOperation)inner.Operation).Operation),
            OperationKind.ExpressionStatement);
        context.RegisterOperationAction(InspectDiscard, OperationKind.Discard);
        context.RegisterOperationAction(InspectPattern, OperationKind.IsPattern);
        context.RegisterOperationBlockAction(InspectLocals);
    }

    private static void Report(OperationAnalysisContext context, IOperation value)
    {
        // The target of an assignment has it now, and an increment is not a question.
        if (value is not (IAssignmentOperation or IIncrementOrDecrementOperation) && MustUse.Find(value) is { } answer)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, value.Syntax.GetLocation(), Name(answer)));
        }
    }

    // '_ = M()', '(_, x) = M()' and 'M(out _)'.
    private static void InspectDiscard(OperationAnalysisContext context)
    {
        IOperation discard = context.Operation;
        if (discard.Parent is ISimpleAssignmentOperation assignment)
        {
            if (MustUse.Find(assignment.Value) is { } answer)
            {
                context.ReportDiagnostic(Diagnostic.Create(s_rule, assignment.Syntax.GetLocation(), Name(answer)));
            }
        }
        else if (MustUse.IsAnswer(discard.Type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, discard.Syntax.GetLocation(), discard.Type!.Display()));
        }
    }

    // 'M() is var _' asks nothing.
    private static void InspectPattern(OperationAnalysisContext context)
    {
        var test = (IIsPatternOperation)context.Operation;
        if (test.Pattern is IDiscardPatternOperation && MustUse.Find(test.Value) is { } answer)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, test.Syntax.GetLocation(), Name(answer)));
        }
    }

    private static void InspectLocals(OperationBlockAnalysisContext context)
    {
        var unread = new Dictionary<ILocalSymbol, Location>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in context.OperationBlocks.SelectMany(OperationFacts.Everything))
        {
            ILocalSymbol? written = operation switch
            {
                IVariableDeclaratorOperation { Symbol: { RefKind: RefKind.None } declared } => declared,
                IDeclarationExpressionOperation { Expression: ILocalReferenceOperation reference } => reference.Local,
                IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol declared } => declared,
                _ => null,
            };
            if (written is not null && MustUse.IsAnswer(written.Type))
            {
                unread[written] = written.Locations[0];
            }
        }

        foreach (IOperation operation in context.OperationBlocks.SelectMany(OperationFacts.Everything))
        {
            if (operation is ILocalReferenceOperation { IsDeclaration: false } reference && !reference.IsOnlyWritten())
            {
                unread.Remove(reference.Local);
            }
        }

        foreach (KeyValuePair<ILocalSymbol, Location> local in unread)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, local.Value, local.Key.Name));
        }
    }

    private static string Name(IOperation answer) =>
        answer switch
        {
            IInvocationOperation call => call.TargetMethod.Display(),
            IMemberReferenceOperation reference => reference.Member.Display(),
            _ => answer.Type!.Display(),
        };
}
