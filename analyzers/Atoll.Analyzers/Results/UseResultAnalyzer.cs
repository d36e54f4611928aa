using Atoll.Analyzers.Flow;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>ATL0801: an answer that is <c>[MustUse]</c> is looked at; <c>_ =</c> is not looking.</summary>
/// <remarks>
/// The kernel has no exceptions, so a result that nobody reads is a failure that nobody notices. A local that is
/// assigned and never read is a discard with a name, and so is one that gets its next value before anybody has read it.
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
        var asked = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var holders = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in context.Everything())
        {
            (ILocalSymbol? written, IOperation? value) = Written(operation);
            if (written is null)
            {
                continue;
            }

            bool isAnswer = MustUse.IsAnswer(written.Type);
            if (value is null ? isAnswer : UnreadFlow.Question(value) is not null)
            {
                asked.Add(written);
                holders.Add(written);
            }
            else if (isAnswer)
            {
                holders.Add(written);
            }
        }

        if (holders.Count == 0)
        {
            return;
        }

        HashSet<ISymbol> unread = Unread(context, holders);
        foreach (ISymbol local in unread)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, local.Place(), local.Name));
        }

        asked.ExceptWith(unread);
        if (asked.Count > 0)
        {
            InspectPaths(context, asked);
        }
    }

    // Who gets a value, and which; of a declaration by 'out' or a pattern it is not known.
    private static (ILocalSymbol? Local, IOperation? Value) Written(IOperation operation) =>
        operation switch
        {
            IVariableDeclaratorOperation { Symbol: { RefKind: RefKind.None } declared } declarator =>
                (declared, declarator.Initializer?.Value),
            ISimpleAssignmentOperation { IsRef: false, Target: ILocalReferenceOperation { Local: { RefKind: RefKind.None } local }, Value: var value } =>
                (local, value),
            IDeclarationExpressionOperation { Expression: ILocalReferenceOperation reference } => (reference.Local, null),
            IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol declared } => (declared, null),
            _ => (null, null),
        };

    private static HashSet<ISymbol> Unread(OperationBlockAnalysisContext context, IEnumerable<ISymbol> holders)
    {
        var unread = new HashSet<ISymbol>(holders, SymbolEqualityComparer.Default);
        foreach (IOperation operation in context.Everything())
        {
            if (operation is ILocalReferenceOperation { IsDeclaration: false } reference && UnreadFlow.IsRead(reference)
                && !reference.IsErased())
            {
                unread.Remove(reference.Local);
            }
        }

        return unread;
    }

    // What another function reads or writes is not followed along the paths of this one.
    private static void InspectPaths(OperationBlockAnalysisContext context, HashSet<ISymbol> asked)
    {
        foreach (IOperation operation in context.Everything())
        {
            if (operation is ILocalReferenceOperation { Local: var local } && asked.Contains(local)
                && !SymbolEqualityComparer.Default.Equals(operation.EnclosingFunction(context.OwningSymbol), local.ContainingSymbol))
            {
                asked.Remove(local);
            }
        }

        foreach ((ISymbol function, ControlFlowGraph graph) in FunctionGraphs.Of(context))
        {
            bool IsFollowed(ISymbol local) =>
                asked.Contains(local) && SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, function);
            foreach (IOperation question in UnreadFlow.Find(graph, IsFollowed))
            {
                string what = MustUse.Find(question) is { } answer ? Name(answer) : question.Syntax.ToString();
                context.ReportDiagnostic(Diagnostic.Create(s_rule, question.Syntax.GetLocation(), what));
            }
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
