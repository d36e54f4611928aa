using Atoll.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Contracts.Bodies;

/// <summary>Reads a function's operations: what it does by itself, and what it calls.</summary>
/// <remarks>
/// Every kind of operation is either known to do nothing, or read, or reported as unknown. So what a later C# adds is never
/// taken for clean.
/// </remarks>
internal sealed partial class BodyReader
{
    private readonly Compilation _compilation;
    private readonly AllocationDeeds _allocations;
    private readonly HiddenCalls _calls;

    public BodyReader(Compilation compilation)
    {
        _compilation = compilation;
        _allocations = new AllocationDeeds(compilation);
        _calls = new HiddenCalls(compilation);
    }

    /// <summary>Reads the operations of one function; its lambdas and local functions are functions of their own.</summary>
    public Body Read(IEnumerable<IOperation> roots, IMethodSymbol? function)
    {
        var found = new Findings();
        var pending = new Stack<Place>();
        foreach (IOperation root in roots.Reverse())
        {
            pending.Push(new Place(root, Guarantees.None, IsInTry: false));
        }

        while (pending.Count > 0)
        {
            Place place = pending.Pop();
            if (!IsOmitted(place.Operation))
            {
                Inspect(place, found);
                PushChildren(place, pending);
            }
        }

        if (found.IteratorSyntax is { } yield)
        {
            // The body runs later, in MoveNext.
            return new Body([new Deed(Guarantees.NoGC, Rules.StateMachine, yield, function?.Display() ?? "iterator")], []);
        }

        return found.ToBody();
    }

    private void Inspect(Place place, Findings found)
    {
        IOperation operation = place.Operation;
        found.Ignored = place.Ignored;
        _allocations.Inspect(operation, found);
        ThrowDeeds.Inspect(operation, place.IsInTry, found);
        InspectRest(operation, found);
        _calls.Inspect(operation, found);
    }

    private static void InspectRest(IOperation operation, Findings found)
    {
        switch (operation)
        {
            case ILockOperation statement:
                SyntaxNode value = statement.LockedValue.Syntax;
                found.Add(Guarantees.NoLock, Rules.Lock, value, "lock");
                found.Add(Guarantees.NoBlock, Rules.CallBlocks, value, "lock");
                break;
            case IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak }:
                found.IteratorSyntax ??= operation.Syntax;
                break;
            case IAwaitOperation:
                found.AddUnknown(Guarantees.All, operation.Syntax, "await: it allocates when it has to wait");
                break;
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call:
                found.AddUnknown(Guarantees.All, operation.Syntax, $"a delegate is called ({call.Instance?.Type?.Display()})");
                break;
            case IFunctionPointerInvocationOperation:
                found.AddUnknown(Guarantees.All, operation.Syntax, "a function pointer is called");
                break;
            case { Kind: OperationKind.None }:
                InspectNone(operation, found);
                break;
            default:
                if (!KnownOperations.Contains(operation.Kind))
                {
                    found.AddUnknown(Guarantees.All, operation.Syntax, $"'{operation.Kind}' is not known to this version of the rules");
                }

                break;
        }
    }

    // Operations that the public model has no kind for: pointers, stackalloc, fixed.
    private static void InspectNone(IOperation operation, Findings found)
    {
        switch (operation.Syntax)
        {
            case FixedStatementSyntax:
            case StackAllocArrayCreationExpressionSyntax:
            case ImplicitStackAllocArrayCreationExpressionSyntax:
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PointerIndirectionExpression }:
            case MemberAccessExpressionSyntax:
            case ElementAccessExpressionSyntax:
            case VariableDeclarationSyntax:
            case VariableDeclaratorSyntax:
            case RefTypeSyntax:
            case TypeSyntax:
            case InitializerExpressionSyntax:
            case SizeOfExpressionSyntax:
            case RefExpressionSyntax:
            case ParenthesizedExpressionSyntax:
            case UnsafeStatementSyntax:
            case BlockSyntax:
            case CheckedStatementSyntax:
            case AttributeSyntax:
            case GlobalStatementSyntax:
                break;
            case ExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent.Parent.Parent: FixedStatementSyntax } } pinned:
                InspectPinned(operation, pinned, found);
                break;
            default:
                // An operand of one of the above whose own kind the model does not show.
                if (!operation.ChildOperations.Any() && operation.Syntax is not ExpressionSyntax)
                {
                    break;
                }

                found.AddUnknown(Guarantees.All, operation.Syntax, $"'{operation.Syntax.Kind()}' is not known to this version of the rules");
                break;
        }
    }

    // 'fixed' over a type that says itself what to pin: the model does not show the call.
    private static void InspectPinned(IOperation operation, ExpressionSyntax pinned, Findings found)
    {
        ITypeSymbol? type = operation.ChildOperations.FirstOrDefault()?.Type;
        IMethodSymbol? method = type?.GetMembers("GetPinnableReference").OfType<IMethodSymbol>().FirstOrDefault(static one => one.Parameters.IsEmpty && !one.IsStatic);
        if (method is not null)
        {
            found.AddCall(method, type, pinned);
        }
        else if (type is not (IArrayTypeSymbol or IPointerTypeSymbol or { SpecialType: SpecialType.System_String } or null))
        {
            found.AddUnknown(Guarantees.All, pinned, "what it takes to pin this");
        }
    }

    private static void PushChildren(Place place, Stack<Place> pending)
    {
        IOperation[] children = [.. place.Operation.ChildOperations];
        for (int index = children.Length - 1; index >= 0; index--)
        {
            pending.Push(place.Child(children[index]));
        }
    }

    /// <summary>Says whether nothing of the operation runs here: constants, metadata, calls that the compiler leaves out.</summary>
    private static bool IsOmitted(IOperation operation) =>
        operation.ConstantValue.HasValue
        || operation.Kind is OperationKind.Attribute or OperationKind.NameOf or OperationKind.LocalFunction
            or OperationKind.AnonymousFunction or OperationKind.TypeOf or OperationKind.ParameterInitializer
        || operation is IInvocationOperation call && IsErased(call.TargetMethod, operation.Syntax.SyntaxTree);

    private static bool IsErased(IMethodSymbol method, SyntaxTree tree)
    {
        if (method is { IsPartialDefinition: true, PartialImplementationPart: null, ReturnsVoid: true, DeclaredAccessibility: Accessibility.Private })
        {
            return true;
        }

        bool isConditional = false;
        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass.IsNamed("System.Diagnostics.ConditionalAttribute")
                && attribute.ConstructorArguments.FirstOrDefault().Value is string symbol)
            {
                isConditional = true;
                if (tree.Options.PreprocessorSymbolNames.Contains(symbol)
                    || tree.GetRoot() is CompilationUnitSyntax unit && unit.GetFirstDirective(static one => one.IsKind(SyntaxKind.DefineDirectiveTrivia)) is not null)
                {
                    return false;
                }
            }
        }

        return isConditional;
    }

    /// <summary>An operation, and what is around it.</summary>
    private readonly record struct Place(IOperation Operation, Guarantees Ignored, bool IsInTry)
    {
        public Place Child(IOperation child)
        {
            Guarantees ignored = Ignored;
            bool isInTry = IsInTry;
            if (Operation is ITryOperation { Catches.IsEmpty: false } attempt && child == attempt.Body)
            {
                isInTry = true;
                ignored |= attempt.Catches.Any(CatchesAll) ? Guarantees.NoThrow : Guarantees.None;
            }

            if (Operation.Kind == OperationKind.Throw)
            {
                // That it throws has been said.
                ignored |= Guarantees.NoThrow;
            }

            if (!isInTry && (Operation.Kind == OperationKind.Throw || child is IBlockOperation block && WaysOut.EndsInThrow(block)))
            {
                // What counts is a call that returns.
                ignored |= Guarantees.All & ~Guarantees.NoThrow;
            }

            return new Place(child, ignored, isInTry);
        }

        private static bool CatchesAll(ICatchClauseOperation clause) =>
            clause.Filter is null && (clause.ExceptionType is null || clause.ExceptionType.SpecialType == SpecialType.System_Object
                || clause.ExceptionType.IsNamed("System.Exception"));
    }
}
