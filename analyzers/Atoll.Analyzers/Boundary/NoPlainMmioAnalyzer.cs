using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0704: a register of an [Mmio] struct is named by its address only.</summary>
/// <remarks>Volatile is no way out: ILC narrows and merges such loads. So references are reported like accesses.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoPlainMmioAnalyzer() : KernelRule(s_rule)
{
    private const string Mmio = "Atoll.MmioAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0704",
        "MMIO through memory access",
        "'{0}' is a device register: C# promises neither one access nor its width",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A register counts how often and how widely it is touched.",
        "docs/rules/ATL0704.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectField, OperationKind.FieldReference);
        context.RegisterOperationAction(InspectLocal, OperationKind.VariableDeclarator);
        context.RegisterOperationAction(InspectStore, OperationKind.SimpleAssignment);
        context.RegisterSymbolAction(InspectParameter, SymbolKind.Parameter);
    }

    private static void InspectField(OperationAnalysisContext context)
    {
        var reference = (IFieldReferenceOperation)context.Operation;
        if (!reference.Field.IsStatic && IsMmio(reference.Field.ContainingType))
        {
            IOperation place = Places.Whole(reference);
            if (Places.UseOf(place) != PlaceUse.Address)
            {
                Report(context, place.Syntax.GetLocation(), place.Syntax.ToString());
            }
        }
    }

    // A copy reads every register once, or in pieces, or not at all.
    private static void InspectLocal(OperationAnalysisContext context)
    {
        ILocalSymbol local = ((IVariableDeclaratorOperation)context.Operation).Symbol;
        if (local.RefKind == RefKind.None && IsMmio(local.Type))
        {
            Report(context, local.Place(), local.Name);
        }
    }

    private static void InspectParameter(SymbolAnalysisContext context)
    {
        var parameter = (IParameterSymbol)context.Symbol;
        if (parameter.RefKind == RefKind.None && IsMmio(parameter.Type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, parameter.Place(), parameter.Name));
        }
    }

    // All registers at once. What is a field is reported as one.
    private static void InspectStore(OperationAnalysisContext context)
    {
        IOperation target = ((ISimpleAssignmentOperation)context.Operation).Target;
        bool isField = target is IFieldReferenceOperation { Field.ContainingType: var owner } && IsMmio(owner);
        if (target.Type is { } type && IsMmio(type) && !isField
            && context.Operation is ISimpleAssignmentOperation { IsRef: false })
        {
            Report(context, target.Syntax.GetLocation(), target.Syntax.ToString());
        }
    }

    private static bool IsMmio(ITypeSymbol type) => type.OriginalDefinition.HasAttribute(Mmio);

    private static void Report(OperationAnalysisContext context, Location where, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, where, what));
}
