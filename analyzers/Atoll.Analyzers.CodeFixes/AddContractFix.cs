using System.Composition;
using Atoll.Analyzers.Contracts;
using Atoll.Analyzers.Progress;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0011: a callee of the solution makes the promises of its caller, and is then held to them itself.</summary>
/// <remarks>
/// Not where nobody would check the promise (no C# body, or a [Trusted] one), where it is known to be false (a callee that waits), or where
/// it has a number that only the linker knows (the callee's stack).
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddContractFix() : SolutionCodeFix("ATL0011", "Promise it on the callee")
{
    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        SemanticModel model = target.Model;
        if (KernelProfile.Of(model.Compilation) is not { } profile
            || model.GetEnclosingSymbol(target.Span.Start, cancellationToken) is not { } member)
        {
            return null;
        }

        foreach (IOperation operation in Reported(target, cancellationToken))
        {
            Contract caller = Contract.Of(operation.EnclosingFunction(member));
            List<IMethodSymbol> callees =
                [.. MeetContractAnalyzer.Unmet(
                    operation, operation.EnclosingFunction(member), model.Compilation, profile)];
            if (callees.Count > 0)
            {
                return callees.All(callee => MayPromise(caller, callee))
                    ? ContractAttributes.Add(target, [.. callees.Select(callee => (callee, Missing(caller, callee)))])
                    : null;
            }
        }

        return null;
    }

    // A conversion that is not written shares its place with what it converts.
    private static IEnumerable<IOperation> Reported(FixTarget target, CancellationToken cancellationToken)
    {
        SyntaxNode node = target.Root.FindNode(target.Span, getInnermostNodeForTie: true);
        IOperation? operation = target.Model.GetOperation(node, cancellationToken);
        for (; operation?.Syntax.Span == target.Span; operation = operation.Parent)
        {
            yield return operation;
        }
    }

    private static bool MayPromise(Contract caller, IMethodSymbol callee) =>
        caller.StackBytes is null && callee is { IsExtern: false, IsImplicitlyDeclared: false }
        && !KernelProfile.IsTrusted(callee)
        && ((caller.Promises & NoBlockingCallAnalyzer.GoesOn) == 0 || !NoBlockingCallAnalyzer.IsBlocking(callee));

    private static string[] Missing(Contract caller, IMethodSymbol callee) =>
        [.. ContractAttributes.Of(caller.Promises & ~Contract.Of(callee).Promises)];
}
