using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>ATL0607: a field of a [Shared] struct is reached by <c>Volatile</c> or lent to what does so.</summary>
/// <remarks>
/// A copy in a local is private, so it is read and written like any value. A reference to a field is followed through ref locals
/// and what calls return by reference. [Trusted] ends the proof. And each field lies where one access is enough for it.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedFieldAccessAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0607",
        "Plain access to shared memory",
        "'{0}' is memory that another core touches meanwhile: {1}",
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
        context.RegisterOperationBlockAction(InspectAliases);
        context.RegisterSymbolAction(InspectLayout, SymbolKind.NamedType);
    }

    private static void InspectField(OperationAnalysisContext context)
    {
        var reference = (IFieldReferenceOperation)context.Operation;
        if (reference.Field.IsStatic || !SharedTypes.IsShared(reference.Field.ContainingType) || Places.IsInOwnCopy(reference))
        {
            return;
        }

        IOperation place = Places.Whole(reference);
        if (IsPlain(place))
        {
            Report(context, place);
        }
    }

    private static void InspectAliases(OperationBlockAnalysisContext context)
    {
        var aliases = new SharedAliases(context.Everything());
        foreach (IOperation alias in context.Everything().Where(operation => aliases.IsAlias(operation) && !SharedTypes.IsShared(operation.Type)))
        {
            IOperation place = Places.Whole(alias);
            if (IsPlain(place) && !KernelProfile.IsTrusted(place.EnclosingFunction(context.OwningSymbol)))
            {
                context.ReportDiagnostic(Create(place.Syntax.GetLocation(), place.Syntax.ToString()));
            }
        }
    }

    // Accessed here, or lent to somebody who was not told: without a keyword the reader sees a value.
    private static bool IsPlain(IOperation place) =>
        Places.UseOf(place) == PlaceUse.Access
        || place.Parent switch
        {
            IArgumentOperation { Parameter.RefKind: RefKind.In or RefKind.RefReadOnlyParameter } lent =>
                lent.Syntax is not ArgumentSyntax { RefKindKeyword.RawKind: not 0 } && !IsVolatile(lent.Parent),
            IArgumentOperation { Parent: IObjectCreationOperation { Type.IsRefLikeType: true } } => true,
            IInvocationOperation call => call.Instance == place && !SharedTypes.IsShared(place.Type) && !KernelProfile.IsTrusted(call.TargetMethod),
            IPropertyReferenceOperation property =>
                property.Instance == place && !SharedTypes.IsShared(place.Type) && !KernelProfile.IsTrusted(property.Property),
            IConversionOperation view => view.Operand == place,
            _ => false,
        };

    private static bool IsVolatile(IOperation? call) =>
        call is IInvocationOperation { TargetMethod.ContainingType: var type } && type.IsNamed("System.Threading.Volatile");

    private static void InspectLayout(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind != TypeKind.Struct || KernelProfile.IsTrusted(type))
        {
            return;
        }

        bool isFieldWrong = false;
        foreach ((IFieldSymbol field, long offset, int needed) in SharedLayout.Misplaced(type))
        {
            isFieldWrong = true;
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, field.Place(), field.Display(), $"at byte {offset} an access to a word of {needed} bytes may be two"));
        }

        if (!isFieldWrong && SharedTypes.IsShared(type) && SharedLayout.Unaligned(type) is (int given, int wanted))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, type.Place(), type.Display(), $"at a multiple of {given} bytes an access to a word of {wanted} bytes may be two"));
        }
    }

    // The whole struct at once, in or out.
    private static void InspectCopy(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment when SharedTypes.IsShared(assignment.Target.Type):
                if (!IsFieldPath(assignment.Target) && !Places.IsInOwnCopy(assignment.Target))
                {
                    Report(context, assignment.Target);
                }

                ReportRead(context, assignment.Value);
                break;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } initializer
                when declarator.Symbol.RefKind == RefKind.None && SharedTypes.IsShared(declarator.Symbol.Type):
                ReportRead(context, initializer.Value);
                break;
            case IArgumentOperation { Parameter: { RefKind: RefKind.None } parameter } argument
                when SharedTypes.IsShared(parameter.Type):
                ReportRead(context, argument.Value);
                break;
            case IReturnOperation { ReturnedValue: { } value } result when SharedTypes.IsShared(value.Type)
                && result.Syntax is not RefExpressionSyntax
                && value.Syntax.Parent is not RefExpressionSyntax:
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
        place is IFieldReferenceOperation { Field.ContainingType: var owner } && SharedTypes.IsShared(owner);

    private static void Report(OperationAnalysisContext context, IOperation place)
    {
        if (!KernelProfile.IsTrusted(place.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Create(place.Syntax.GetLocation(), place.Syntax.ToString()));
        }
    }

    private static Diagnostic Create(Location where, string what) => Diagnostic.Create(s_rule, where, what, "use Volatile");
}
