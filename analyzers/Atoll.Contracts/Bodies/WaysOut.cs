using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Knows blocks that a call can only leave by an exception.</summary>
internal static class WaysOut
{
    public static bool EndsInThrow(IBlockOperation block) =>
        block.Parent is not (null or IMethodBodyBaseOperation or ILocalFunctionOperation or IAnonymousFunctionOperation)
        && block.Operations.Length > 0
        && IsThrow(block.Operations[block.Operations.Length - 1])
        && !block.Descendants().Any(static inner => inner.Kind is OperationKind.Return or OperationKind.Branch
            or OperationKind.YieldBreak or OperationKind.YieldReturn or OperationKind.Try);

    private static bool IsThrow(IOperation statement) =>
        statement switch
        {
            IThrowOperation => true,
            IExpressionStatementOperation { Operation: IThrowOperation } => true,
            IExpressionStatementOperation { Operation: IInvocationOperation call } => NeverReturns(call.TargetMethod),
            _ => false,
        };

    public static bool NeverReturns(IMethodSymbol method) =>
        method.HasAttribute("System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute");
}
