using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>ATL0607: a field of a [Shared] struct is reached by <c>Volatile</c> or lent to what does so.</summary>
/// <remarks>A copy in a local is private, so it is read and written like any value. [Trusted] ends the proof.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedFieldAccessAnalyzer() : KernelRule(s_rule)
{
    private const string Shared = "Atoll.SharedAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0607",
        "Plain access to shared memory",
        "'{0}' is memory that another core touches meanwhile: use Volatile",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The compiler may hoist, repeat, split or narrow a plain access.",
        "docs/rules/ATL0607.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectField, OperationKind.FieldReference);
        context.RegisterOperationAction(
            InspectCopy, OperationKind.SimpleAssignment, OperationKind.VariableInitializer, OperationKind.Argument,
            OperationKind.Return);
    }

    /// <summary>Says whether values of the type lie where another core writes or reads.</summary>
    public static bool IsShared(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct } && type.OriginalDefinition.HasAttribute(Shared);

    private static void InspectField(OperationAnalysisContext context)
    {
        var reference = (IFieldReferenceOperation)context.Operation;
        if (reference.Field.IsStatic || !IsShared(reference.Field.ContainingType) || Places.IsInOwnCopy(reference))
        {
            return;
        }

        IOperation place = Places.Whole(reference);
        if (Places.UseOf(place) == PlaceUse.Access)
        {
            Report(context, place);
        }
    }

    // The whole struct at once, in or out.
    private static void InspectCopy(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment when IsShared(assignment.Target.Type):
                if (!IsFieldPath(assignment.Target) && !Places.IsInOwnCopy(assignment.Target))
                {
                    Report(context, assignment.Target);
                }

                ReportRead(context, assignment.Value);
                break;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } initializer
                when declarator.Symbol.RefKind == RefKind.None && IsShared(declarator.Symbol.Type):
                ReportRead(context, initializer.Value);
                break;
            case IArgumentOperation { Parameter: { RefKind: RefKind.None } parameter } argument
                when IsShared(parameter.Type):
                ReportRead(context, argument.Value);
                break;
            case IReturnOperation { ReturnedValue: { } value } result when IsShared(value.Type)
                && result.Syntax is not Microsoft.CodeAnalysis.CSharp.Syntax.RefExpressionSyntax
                && value.Syntax.Parent is not Microsoft.CodeAnalysis.CSharp.Syntax.RefExpressionSyntax:
                ReportRead(context, value);
                break;
        }
    }

    private static void ReportRead(OperationAnalysisContext context, IOperation value)
    {
        bool isPlace = value is ILocalReferenceOperation or IParameterReferenceOperation or IInvocationOperation
            or IPropertyReferenceOperation or { Kind: OperationKind.None };
        if (isPlace && !Places.IsInOwnCopy(value) && value is not IPropertyReferenceOperation
            { Property.RefKind: RefKind.None })
        {
            Report(context, value);
        }
    }

    // Reported where the field is looked at.
    private static bool IsFieldPath(IOperation place) =>
        place is IFieldReferenceOperation { Field.ContainingType: var owner } && IsShared(owner);

    private static void Report(OperationAnalysisContext context, IOperation place)
    {
        if (!KernelProfile.IsTrusted(place.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, place.Syntax.GetLocation(), place.Syntax.ToString()));
        }
    }
}
