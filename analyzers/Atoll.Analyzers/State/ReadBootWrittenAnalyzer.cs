using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.State;

/// <summary>ATL0606: a [BootWritten] static is read through a reference, and never written.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadBootWrittenAnalyzer() : KernelRule(s_rule)
{
    private const string BootWritten = "Atoll.BootWrittenAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0606",
        "Externally written static",
        "'{0}' is written before C# runs: {1}",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "ILC sees no write, so it replaces a plain read by the initial value.",
        "docs/rules/ATL0606.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectUse, OperationKind.FieldReference);
        context.RegisterSymbolAction(InspectDeclaration, SymbolKind.Field);
    }

    /// <summary>Says whether something that is not C# gives the static its value.</summary>
    public static bool IsBootWritten(ISymbol member) => member.HasAttribute(BootWritten);

    private static void InspectUse(OperationAnalysisContext context)
    {
        var reference = (IFieldReferenceOperation)context.Operation;
        if (!reference.Field.IsStatic || !IsBootWritten(reference.Field))
        {
            return;
        }

        IOperation place = Places.Whole(reference);
        bool isWritten = place.IsOnlyWritten() || place.Parent is ICompoundAssignmentOperation compound
            && compound.Target == place || place.Parent is IIncrementOrDecrementOperation;
        if (isWritten || Places.UseOf(place) == PlaceUse.Access)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                place.Syntax.GetLocation(),
                reference.Field.Name,
                isWritten ? "nothing else writes it" : "a plain read yields its initial value, use Volatile.Read"));
        }
    }

    private static void InspectDeclaration(SymbolAnalysisContext context)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (field is { IsReadOnly: true } or { IsConst: true } or { IsStatic: false } && IsBootWritten(field))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, field.Place(), field.Name, "it must be a static that is not readonly"));
        }
    }
}
