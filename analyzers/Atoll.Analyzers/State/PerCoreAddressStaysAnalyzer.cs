using Atoll.Analyzers.Messages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>ATL0604: the address of [PerCore] state becomes no number and goes into no [Shared] or [Message] struct.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PerCoreAddressStaysAnalyzer() : KernelRule(s_rule)
{
    private const string PerCore = "Atoll.PerCoreAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0604",
        "Per-core address escapes",
        "'{0}' is the address of state of this core: {1}",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Every core has another word at the same address.",
        "docs/rules/ATL0604.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectConversion, OperationKind.Conversion);
        context.RegisterOperationAction(InspectAssignment, OperationKind.SimpleAssignment);
    }

    /// <summary>Says whether the symbol, or what it is declared in, is <c>[PerCore]</c>.</summary>
    public static bool IsPerCore(ISymbol symbol)
    {
        for (ISymbol? scope = symbol; scope is not null and not INamespaceSymbol; scope = scope.ContainingSymbol)
        {
            if (scope.HasAttribute(PerCore))
            {
                return true;
            }
        }

        return false;
    }

    private static void InspectConversion(OperationAnalysisContext context)
    {
        var conversion = (IConversionOperation)context.Operation;
        if (conversion.Type is { TypeKind: not TypeKind.Pointer } && IsAddress(conversion.Operand))
        {
            Report(context, conversion.Operand, "as a number nothing holds it here");
        }
    }

    private static void InspectAssignment(OperationAnalysisContext context)
    {
        var assignment = (ISimpleAssignmentOperation)context.Operation;
        if (IsAddress(assignment.Value) && IsSeenByOthers(assignment.Target))
        {
            Report(context, assignment.Value, "another core would read it");
        }
    }

    // Through casts to other pointers, to what it points at.
    private static bool IsAddress(IOperation value) =>
        value switch
        {
            { Type: IPointerTypeSymbol { PointedAtType: { } type } } when IsPerCore(type) => true,
            IConversionOperation { Type.TypeKind: TypeKind.Pointer } conversion => IsAddress(conversion.Operand),
            IAddressOfOperation address => IsState(address.Reference),
            _ => false,
        };

    private static bool IsState(IOperation? place) =>
        place switch
        {
            IFieldReferenceOperation { Field: var field } reference => IsPerCore(field) || IsState(reference.Instance),
            IInlineArrayAccessOperation element => IsState(element.Instance),
            _ => false,
        };

    private static bool IsSeenByOthers(IOperation target)
    {
        for (IOperation? place = target; place is IFieldReferenceOperation reference; place = reference.Instance)
        {
            INamedTypeSymbol owner = reference.Field.ContainingType;
            if (MessageLayout.IsMessage(owner) || SharedTypes.IsShared(owner))
            {
                return true;
            }
        }

        return false;
    }

    private static void Report(OperationAnalysisContext context, IOperation address, string why)
    {
        if (!KernelProfile.IsTrusted(address.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, address.Syntax.GetLocation(), address.Syntax.ToString(), why));
        }
    }
}
