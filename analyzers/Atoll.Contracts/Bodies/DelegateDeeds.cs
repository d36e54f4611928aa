using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Delegates, the closures behind them, and expression trees.</summary>
internal static class DelegateDeeds
{
    public static void Inspect(IOperation operation, Findings found)
    {
        switch (operation)
        {
            case IDelegateCreationOperation creation:
                InspectCreation(creation, found);
                break;
            case IConversionOperation { Operand: IAnonymousFunctionOperation }:
                found.Add(Guarantees.NoGC, Rules.Object, operation.Syntax, "expression tree");
                break;
            case IBinaryOperation { Type.TypeKind: TypeKind.Delegate, OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract }:
            case ICompoundAssignmentOperation { Type.TypeKind: TypeKind.Delegate }:
                found.Add(Guarantees.NoGC, Rules.Delegate, operation.Syntax, "two delegates are combined");
                break;
        }
    }

    private static void InspectCreation(IDelegateCreationOperation creation, Findings found)
    {
        switch (creation.Target)
        {
            // The compiler keeps what captures nothing in a static field: it is created once.
            case IAnonymousFunctionOperation lambda when Captures.First(lambda) is { } captured:
                found.Add(Guarantees.NoGC, Rules.Delegate, creation.Syntax, $"and a closure, which captures '{captured}'");
                break;
            case IAnonymousFunctionOperation:
                break;
            case IMethodReferenceOperation { Method: { IsStatic: true }, Instance: null } group when KeepsMethodGroups(group):
                break;
            default:
                found.Add(Guarantees.NoGC, Rules.Delegate, creation.Syntax, creation.Type?.Display() ?? "delegate");
                break;
        }
    }

    // Since C# 11, for methods that are static in the text.
    private static bool KeepsMethodGroups(IOperation operation) =>
        operation.Syntax.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp11 };
}
