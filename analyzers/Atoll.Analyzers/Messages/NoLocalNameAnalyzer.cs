using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Messages;

/// <summary>ATL0505: a message carries no address and no [CoreLocal] value.</summary>
/// <remarks>
/// Seen are fields of such types, and pointers that are cast to integers on their way into a message. Physical addresses
/// are numbers like any other.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoLocalNameAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0505",
        "Local name in a message",
        "'{0}' means something on this core only: {1}",
        "Atoll.Messages",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The receiver has other memory and other tables behind the same number.",
        "docs/rules/ATL0505.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private const string CoreLocal = "Atoll.CoreLocalAttribute";

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSymbolAction(InspectField, SymbolKind.Field);
        context.RegisterOperationAction(InspectAssignment, OperationKind.SimpleAssignment);
    }

    private static void InspectField(SymbolAnalysisContext context)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (!field.IsStatic && MessageLayout.IsMessage(field.ContainingType) && IsLocal(field.Type))
        {
            ISymbol declared = field.AssociatedSymbol ?? field;
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, declared.Place(), declared.Display(), $"'{field.Type.Display()}' is [CoreLocal]"));
        }
    }

    private static void InspectAssignment(OperationAnalysisContext context)
    {
        var assignment = (ISimpleAssignmentOperation)context.Operation;
        if (!IsInMessage(assignment.Target)
            || KernelProfile.IsTrusted(assignment.EnclosingFunction(context.ContainingSymbol)))
        {
            return;
        }

        for (IOperation value = assignment.Value; value is IConversionOperation conversion; value = conversion.Operand)
        {
            ITypeSymbol? source = conversion.Operand.Type;
            bool isAddress = source is IPointerTypeSymbol or IFunctionPointerTypeSymbol;
            if (isAddress || IsLocal(source))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule,
                    assignment.Value.Syntax.GetLocation(),
                    assignment.Value.Syntax.ToString(),
                    isAddress ? "it is an address in this instance's memory" : $"'{source!.Display()}' is [CoreLocal]"));
                return;
            }
        }
    }

    private static bool IsLocal(ITypeSymbol? type) =>
        type is not null && (type.OriginalDefinition.HasAttribute(CoreLocal)
            || type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None }
                && MessageLayout.Fields(type).Any(static field => field.Type.HasAttribute(CoreLocal)));

    private static bool IsInMessage(IOperation target)
    {
        for (IOperation? place = target; place is IFieldReferenceOperation reference; place = reference.Instance)
        {
            if (MessageLayout.IsMessage(reference.Field.ContainingType))
            {
                return true;
            }
        }

        return false;
    }
}
