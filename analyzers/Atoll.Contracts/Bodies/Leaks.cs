using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Resources that a body makes, keeps in a local, and forgets.</summary>
/// <remarks>Handing it on in any way ends the search: who owns it then is not for this rule to say.</remarks>
internal static class Leaks
{
    /// <summary>Each variable that holds a new resource to which nothing but member accesses happens, and no disposal.</summary>
    public static IEnumerable<(SyntaxNode Where, string Type)> Find(IEnumerable<IOperation> roots)
    {
        IOperation[] all = [.. roots.SelectMany(static root => root.DescendantsAndSelf())];
        foreach (IVariableDeclaratorOperation declarator in all.OfType<IVariableDeclaratorOperation>())
        {
            if (declarator.GetVariableInitializer()?.Value is { } value && Created(value) is { } type && !IsUsing(declarator)
                && !all.OfType<ILocalReferenceOperation>().Any(use => SymbolEqualityComparer.Default.Equals(use.Local, declarator.Symbol) && Ends(use)))
            {
                yield return (value.Syntax, type.Display());
            }
        }

        foreach (IExpressionStatementOperation statement in all.OfType<IExpressionStatementOperation>())
        {
            if (Created(statement.Operation) is { } type)
            {
                yield return (statement.Operation.Syntax, type.Display());
            }
        }
    }

    private static ITypeSymbol? Created(IOperation value) =>
        (value is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : value) is IObjectCreationOperation { Type: { } type }
        && type.AllInterfaces.Any(static face => face.SpecialType == SpecialType.System_IDisposable)
        && !IsHarmless(type)
            ? type
            : null;

    // They have a Dispose that there is no need to call.
    private static bool IsHarmless(ITypeSymbol type) =>
        type.IsNamed("System.Threading.Tasks.Task") || type.IsNamed("System.IO.MemoryStream") || type.IsNamed("System.IO.StringReader")
        || type.IsNamed("System.IO.StringWriter");

    private static bool IsUsing(IVariableDeclaratorOperation declarator) =>
        declarator.HasAncestor(OperationKind.UsingDeclaration)
        || declarator.Parent?.Parent is IVariableDeclarationGroupOperation { Parent: IUsingOperation };

    // A member that is read or called leaves the resource where it is, unless the member is what ends it.
    private static bool Ends(ILocalReferenceOperation use) =>
        use.Parent switch
        {
            IInvocationOperation call when call.Instance == use => call.TargetMethod.Name is "Dispose" or "DisposeAsync" or "Close",
            IMemberReferenceOperation { Kind: OperationKind.MethodReference } => true,
            IMemberReferenceOperation member when member.Instance == use => false,
            IConditionalAccessOperation access when access.Operation == use =>
                access.WhenNotNull.DescendantsAndSelf().OfType<IInvocationOperation>().Any(static call => call.TargetMethod.Name is "Dispose" or "DisposeAsync" or "Close"),
            IBinaryOperation or IIsPatternOperation => false,
            _ => true,
        };
}
