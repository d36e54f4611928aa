using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0407: nobody gets two names for one owned value when one of them can change it.</summary>
/// <remarks>
/// Two kinds are seen: one place given twice to one call, lent both times or lent and then handed on; and a second name for a variable (a ref local, a pointer) that
/// would outlive a move. A reference to a field or an element is allowed: nothing can be moved from there.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoAliasedBorrowAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0407",
        "Aliased borrow",
        "'{0}' is already borrowed here",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Each of the two callers of one capability would think it alone.",
        "docs/rules/ATL0407.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(
            InspectCall,
            OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.FunctionPointerInvocation);
        context.RegisterOperationAction(InspectName, OperationKind.LocalReference, OperationKind.ParameterReference);
    }

    private static void InspectCall(OperationAnalysisContext context)
    {
        (IOperation? receiver, bool writes, ImmutableArray<IArgumentOperation> arguments) = context.Operation switch
        {
            IInvocationOperation call => (call.Instance, !call.TargetMethod.IsReadOnly, call.Arguments),
            IObjectCreationOperation creation => (null, false, creation.Arguments),
            IFunctionPointerInvocationOperation call => (null, false, call.Arguments),
            _ => (null, false, []),
        };

        var borrowed = new List<(string Path, bool Writes)>();
        if (receiver is not null && Owned.IsOwned(receiver.Type) && BorrowPath.Of(receiver) is { } own)
        {
            borrowed.Add((own, writes));
        }

        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter is not { RefKind: var kind } || BorrowPath.Of(argument.Value) is not { } path)
            {
                continue;
            }

            // Whoever takes the value over may do with it what it likes, while the other still looks at it.
            bool takesOver = kind == RefKind.None && OwnedPlace.Variable(argument.Value) is not null
                && Owned.IsOwned(argument.Value.Type);
            if (kind == RefKind.None && !takesOver)
            {
                continue;
            }

            bool changes = takesOver || kind is RefKind.Ref or RefKind.Out;
            bool isOwned = BorrowPath.IsOwned(argument.Value);
            if (isOwned && borrowed.Any(other => (changes || other.Writes) && BorrowPath.Overlap(other.Path, path)))
            {
                context.ReportDiagnostic(Diagnostic.Create(s_rule, argument.Syntax.GetLocation(), argument.Value.Syntax));
            }

            // What is used after it was handed on, ATL0403 reports.
            if (isOwned && !takesOver)
            {
                borrowed.Add((path, changes));
            }
        }
    }

    private static void InspectName(OperationAnalysisContext context)
    {
        IOperation reference = context.Operation;
        if (!Owned.IsOwned(reference.Type) || OwnedPlace.Variable(reference) is null
            || KernelProfile.IsTrusted(reference.EnclosingFunction(context.ContainingSymbol)))
        {
            return;
        }

        bool isNamedTwice = reference.Parent switch
        {
            IAddressOfOperation => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
            ISimpleAssignmentOperation { IsRef: true } => true,
            _ => false,
        };
        if (isNamedTwice)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, reference.Syntax.GetLocation(), reference.Syntax.ToString()));
        }
    }
}
