using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0002: nothing creates an array, in any of the ways the language has.</summary>
/// <remarks>Constant data that becomes a <c>ReadOnlySpan</c> is no array: csc puts it into the image.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoArrayAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0002",
        "No array",
        "'{0}' would be an array on a heap that does not exist",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Use an inline array, a ReadOnlySpan over constant data, or params ReadOnlySpan.",
        "docs/rules/ATL0002.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        var spans = new SpanData(profile.Compilation);
        context.RegisterOperationAction(
            inner =>
            {
                IOperation operation = inner.Operation;
                if (MakesArray(operation, spans) && !operation.IsInAttribute())
                {
                    inner.ReportDiagnostic(Diagnostic.Create(
                        s_rule, operation.Syntax.GetLocation(), operation.Type?.Display() ?? "array"));
                }
            },
            OperationKind.ArrayCreation,
            OperationKind.CollectionExpression);
    }

    private static bool MakesArray(IOperation operation, SpanData spans) =>
        operation switch
        {
            IArrayCreationOperation creation => !spans.IsImageData(creation),
            ICollectionExpressionOperation { Type: { } type } expression =>
                type.TypeKind == TypeKind.Array || SpanData.IsSpan(type) && !spans.NeedsNoArray(expression),
            _ => false,
        };
}
