using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0001: nothing creates an object; there is no heap.</summary>
/// <remarks>
/// Arrays are ATL0002, delegates ATL0004, strings ATL0006. An object that the JIT can keep on the stack today is
/// reported too: the next edit may make it escape.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoHeapObjectAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0001",
        "No heap object",
        "'{0}' would be an object on a heap that does not exist",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Kernel code has no heap and no collector. Use a struct.",
        "docs/rules/ATL0001.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect,
            OperationKind.ObjectCreation,
            OperationKind.TypeParameterObjectCreation,
            OperationKind.AnonymousObjectCreation,
            OperationKind.DynamicObjectCreation,
            OperationKind.With,
            OperationKind.CollectionExpression);

    private static void Inspect(OperationAnalysisContext context)
    {
        IOperation operation = context.Operation;
        if (operation.Type is { } type && IsHeapObject(operation, type)
            && !operation.IsInAttribute() && !operation.IsInThrow())
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, operation.Syntax.GetLocation(), type.Display()));
        }
    }

    private static bool IsHeapObject(IOperation operation, ITypeSymbol type) =>
        operation switch
        {
            IObjectCreationOperation => type.IsReferenceType && type.SpecialType != SpecialType.System_String,

            // An unconstrained T may be bound to a class.
            ITypeParameterObjectCreationOperation => !type.IsValueType,
            ICollectionExpressionOperation => type.IsReferenceType && type.TypeKind != TypeKind.Array,
            _ => type.IsReferenceType,
        };
}
