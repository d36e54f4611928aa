using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0401: an owned value is read by value only where that moves it.</summary>
/// <remarks>
/// A move takes a whole local or by-value parameter to exactly one new owner: an argument, a returned value, a
/// variable, a field. Out of a field, an element or a reference nothing can be moved: the value would stay there, too.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoCopyAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0401",
        "Copy of an owned value",
        "This copies a '{0}', which has one owner: borrow it with ref or in, or move a whole variable",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Two copies of a capability are two capabilities.",
        "docs/rules/ATL0401.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private static readonly ImmutableArray<OperationKind> s_everyKind =
    [
        .. Enum.GetValues(typeof(OperationKind)).Cast<OperationKind>().Distinct()
            .Where(static kind => kind != OperationKind.Invalid),
    ];

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectValue, s_everyKind);
        context.RegisterOperationAction(InspectPattern, OperationKind.DeclarationPattern,
            OperationKind.RecursivePattern, OperationKind.ListPattern);
        context.RegisterOperationAction(InspectLoop, OperationKind.Loop);
    }

    private static void InspectValue(OperationAnalysisContext context)
    {
        IOperation value = context.Operation;
        if (!Owned.IsOwned(value.Type) || value is IPatternOperation || OwnedPlace.IsTransparent(value)
            || value.IsInAttribute())
        {
            return;
        }

        if (!IsAllowed(value))
        {
            Report(context, value.Syntax, value.Type!);
        }
    }

    private static bool IsAllowed(IOperation value) =>
        (OwnedUse.Of(value), value) switch
        {
            (Use.Store, _) => true,
            (Use.Copy, IInstanceReferenceOperation { ReferenceKind: not InstanceReferenceKind.ContainingTypeInstance }) =>
                true,
            (Use.Copy, _) => false,
            (Use.Discard, ISimpleAssignmentOperation) => true,
            (Use.Discard, _) when OwnedUse.ChangesInPlace(value) => true,
            (Use.Borrow, ISimpleAssignmentOperation { Parent: IObjectOrCollectionInitializerOperation }) => true,
            (Use.Borrow or Use.Write, ISimpleAssignmentOperation { IsRef: false }) => false,
            (Use.Borrow or Use.Write, _) => OwnedPlace.IsPlace(value) || OwnedPlace.IsFresh(value),
            _ => OwnedPlace.IsFresh(value) || OwnedPlace.Variable(value) is not null,
        };

    // 'x is T t' and '[var t]' put the value into another variable.
    private static void InspectPattern(OperationAnalysisContext context)
    {
        ISymbol? declared = context.Operation switch
        {
            IDeclarationPatternOperation pattern => pattern.DeclaredSymbol,
            IRecursivePatternOperation pattern => pattern.DeclaredSymbol,
            IListPatternOperation pattern => pattern.DeclaredSymbol,
            _ => null,
        };
        if (declared is ILocalSymbol local && Owned.IsOwned(local.Type))
        {
            Report(context, context.Operation.Syntax, local.Type);
        }
    }

    private static void InspectLoop(OperationAnalysisContext context)
    {
        if (context.Operation is IForEachLoopOperation
            {
                LoopControlVariable: IVariableDeclaratorOperation { Symbol: { RefKind: RefKind.None } variable } declared,
            }
            && Owned.IsOwned(variable.Type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, variable.Place(), declared.Symbol.Type.Display()));
        }
    }

    private static void Report(OperationAnalysisContext context, SyntaxNode syntax, ITypeSymbol type)
    {
        if (!KernelProfile.IsTrusted(context.Operation.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, syntax.GetLocation(), type.Display()));
        }
    }
}
