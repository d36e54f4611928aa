using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Progress;

/// <summary>ATL0105: a [Guard] is made in a <c>using</c>, or handed to the caller who has one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GuardInUsingAnalyzer() : KernelRule(s_rule)
{
    private const string Guard = "Atoll.GuardAttribute";

    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0105",
        "Guard not scoped",
        "'{0}' is a guard: only 'using' ends it on every path",
        "Atoll.Progress",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A guard that is forgotten on one path leaves interrupts off, or a window open.",
        "docs/rules/ATL0105.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect,
            OperationKind.Invocation,
            OperationKind.ObjectCreation,
            OperationKind.PropertyReference,
            OperationKind.DeclarationExpression);

    private static void Inspect(OperationAnalysisContext context)
    {
        IOperation made = context.Operation;
        if (made.Type is { } type && IsGuard(type) && Makes(made) && !IsScoped(made)
            && !SymbolEqualityComparer.Default.Equals(context.ContainingSymbol.ContainingType, type))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, made.Syntax.GetLocation(), type.Display()));
        }
    }

    private static bool IsGuard(ITypeSymbol type) => type.OriginalDefinition.HasAttribute(Guard);

    // A reference to a guard that exists makes none.
    private static bool Makes(IOperation operation) =>
        operation switch
        {
            IInvocationOperation call => call.TargetMethod.RefKind == RefKind.None,
            IPropertyReferenceOperation property => property.Property.RefKind == RefKind.None,
            _ => true,
        };

    private static bool IsScoped(IOperation value) =>
        value.Parent switch
        {
            IConversionOperation or IConditionalOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation
                => IsScoped(value.Parent),
            IReturnOperation => true,
            IUsingOperation use => use.Resources == value,
            IVariableInitializerOperation
            {
                Parent: IVariableDeclaratorOperation
                {
                    Parent: IVariableDeclarationOperation
                    {
                        Parent: IVariableDeclarationGroupOperation
                        {
                            Parent: IUsingDeclarationOperation or IUsingOperation,
                        },
                    },
                },
            } => true,
            _ => false,
        };
}
