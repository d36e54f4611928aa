using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Results;

/// <summary>ATL0803: a switch over a <c>[MustUse]</c> enum names every member.</summary>
/// <remarks>
/// <c>default</c> and <c>_</c> are welcome for values that have no name. They do not stand in for a member, because
/// then a member that is added later goes unnoticed.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SwitchNamesEveryResultAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0803",
        "Status switch not exhaustive",
        "No arm names {0} of '{1}'",
        "Atoll.Results",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A default arm hides the codes that are added later.",
        "docs/rules/ATL0803.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(
            static inner =>
            {
                var statement = (ISwitchOperation)inner.Operation;
                Inspect(inner, statement.Value, statement.Cases.SelectMany(static one => one.Clauses).SelectMany(Values));
            },
            OperationKind.Switch);
        context.RegisterOperationAction(
            static inner =>
            {
                var expression = (ISwitchExpressionOperation)inner.Operation;
                Inspect(
                    inner,
                    expression.Value,
                    expression.Arms.Where(static arm => Always(arm.Guard)).SelectMany(static arm => Values(arm.Pattern)));
            },
            OperationKind.SwitchExpression);
    }

    private static void Inspect(OperationAnalysisContext context, IOperation value, IEnumerable<object?> named)
    {
        ITypeSymbol? type = value.Type;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        if (type is not { TypeKind: TypeKind.Enum } || !MustUse.IsAnswer(type))
        {
            return;
        }

        var seen = new HashSet<object?>(named);
        List<string> missing =
        [
            .. type.GetMembers().OfType<IFieldSymbol>()
                .Where(member => member.HasConstantValue && seen.Add(member.ConstantValue))
                .Select(static member => member.Name),
        ];
        if (missing.Count > 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, value.Syntax.GetLocation(), string.Join(", ", missing), type.Display()));
        }
    }

    private static IEnumerable<object?> Values(ICaseClauseOperation clause) =>
        clause switch
        {
            ISingleValueCaseClauseOperation single => [single.Value.ConstantValue.Value],
            IPatternCaseClauseOperation pattern when Always(pattern.Guard) => Values(pattern.Pattern),
            _ => [],
        };

    private static IEnumerable<object?> Values(IPatternOperation pattern) =>
        pattern switch
        {
            IConstantPatternOperation constant => [constant.Value.ConstantValue.Value],
            IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either =>
                Values(either.LeftPattern).Concat(Values(either.RightPattern)),
            _ => [],
        };

    private static bool Always(IOperation? guard) => guard is null or { ConstantValue.Value: true };
}
