using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Boundary;

/// <summary>ATL0701: a pointer is made, moved and followed in [Trusted] code only.</summary>
/// <remarks>
/// Outside, a pointer is a name: it can be kept, compared and handed on, and always came from code that gave its reason.
/// Roslyn has no operations for pointers, so the rule looks at syntax.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PointerInTrustedOnlyAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0701",
        "Pointer use outside Trusted",
        "'{0}' {1} a pointer outside [Trusted] code",
        "Atoll.Boundary",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "'unsafe' says that the compiler proves nothing. [Trusted] says who did, and why it is right.",
        "docs/rules/ATL0701.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSyntaxNodeAction(
            static inner => Inspect(inner, "follows"),
            SyntaxKind.PointerIndirectionExpression,
            SyntaxKind.PointerMemberAccessExpression,
            SyntaxKind.ElementAccessExpression);
        context.RegisterSyntaxNodeAction(
            static inner => Inspect(inner, "makes"), SyntaxKind.AddressOfExpression, SyntaxKind.CastExpression);
        context.RegisterSyntaxNodeAction(
            static inner => Inspect(inner, "moves"),
            SyntaxKind.AddExpression,
            SyntaxKind.SubtractExpression,
            SyntaxKind.AddAssignmentExpression,
            SyntaxKind.SubtractAssignmentExpression,
            SyntaxKind.PreIncrementExpression,
            SyntaxKind.PreDecrementExpression,
            SyntaxKind.PostIncrementExpression,
            SyntaxKind.PostDecrementExpression);
        context.RegisterSyntaxNodeAction(InspectFixed, SyntaxKind.FixedStatement);
        context.RegisterOperationAction(InspectSpan, OperationKind.ObjectCreation);
    }

    private static void Inspect(SyntaxNodeAnalysisContext context, string verb)
    {
        var expression = (ExpressionSyntax)context.Node;
        if (TouchesPointer(expression, context.SemanticModel) && !IsPartOfReport(expression, context.SemanticModel))
        {
            Report(context, expression.GetLocation(), expression.ToString(), verb);
        }
    }

    private static void InspectFixed(SyntaxNodeAnalysisContext context)
    {
        VariableDeclarationSyntax declaration = ((FixedStatementSyntax)context.Node).Declaration;
        Report(context, declaration.GetLocation(), declaration.ToString(), "makes");
    }

    // A span follows the pointer that it was made of, wherever it is read.
    private static void InspectSpan(OperationAnalysisContext context)
    {
        var made = (IObjectCreationOperation)context.Operation;
        if (made.Type is { IsRefLikeType: true, ContainingAssembly: var assembly }
            && SymbolEqualityComparer.Default.Equals(assembly, context.Compilation.ObjectType.ContainingAssembly)
            && made.Arguments.Any(static argument => argument.Parameter?.Type is IPointerTypeSymbol) && !IsEmpty(made)
            && !KernelProfile.IsTrusted(made.EnclosingFunction(context.ContainingSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, made.Syntax.GetLocation(), made.Syntax.ToString(), "follows"));
        }
    }

    private static bool TouchesPointer(ExpressionSyntax expression, SemanticModel model) =>
        expression switch
        {
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PointerIndirectionExpression } => true,
            MemberAccessExpressionSyntax => true,
            ElementAccessExpressionSyntax element => IsPointer(element.Expression, model),
            // What 'fixed' makes is reported with it. A function's address is ATL0013's.
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address =>
                IsPointer(address, model) && !address.Ancestors().OfType<EqualsValueClauseSyntax>().Any(IsInFixed),
            CastExpressionSyntax cast => IsPointer(cast, model) && !IsNull(cast.Expression, model) && !KeepsType(cast, model),
            _ => IsPointer(expression, model),
        };

    // Null is page 0, and a length behind it everything above. Only a span of nothing follows nothing.
    private static bool IsEmpty(IObjectCreationOperation made) =>
        made.Arguments.All(static argument => argument.Parameter?.Type is IPointerTypeSymbol
            ? IsNull(argument.Value)
            : argument.Value.ConstantValue is { HasValue: true, Value: 0 });

    private static bool IsNull(IOperation value) =>
        value switch
        {
            IConversionOperation conversion => IsNull(conversion.Operand),
            IDefaultValueOperation => true,
            _ => value.ConstantValue is { HasValue: true, Value: null or 0 },
        };

    // 0 as a constant, of any type, is null too.
    private static bool IsNull(ExpressionSyntax value, SemanticModel model) =>
        model.GetConstantValue(value) is { HasValue: true, Value: var constant }
        && (constant is null || constant is IConvertible number and not string && number.ToDecimal(null) == 0);

    private static bool IsInFixed(EqualsValueClauseSyntax value) =>
        value is { Parent.Parent.Parent: FixedStatementSyntax };

    private static bool KeepsType(CastExpressionSyntax cast, SemanticModel model) =>
        SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(cast).Type, model.GetTypeInfo(cast.Expression).Type);

    private static bool IsPointer(ExpressionSyntax expression, SemanticModel model) =>
        model.GetTypeInfo(expression).Type is IPointerTypeSymbol;

    // '*(T*)address' is one use: what is inside of it goes with it.
    private static bool IsPartOfReport(ExpressionSyntax expression, SemanticModel model) =>
        expression.Parent switch
        {
            ParenthesizedExpressionSyntax parenthesized => IsPartOfReport(parenthesized, model),
            ElementAccessExpressionSyntax element => element.Expression == expression && TouchesPointer(element, model),
            MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.PointerMemberAccessExpression } => true,
            ExpressionSyntax outer and (PrefixUnaryExpressionSyntax or CastExpressionSyntax or BinaryExpressionSyntax) =>
                TouchesPointer(outer, model),
            _ => false,
        };

    private static void Report(SyntaxNodeAnalysisContext context, Location where, string what, string verb)
    {
        ISymbol? function = context.SemanticModel.GetEnclosingSymbol(
            context.Node.SpanStart, context.CancellationToken);
        if (!KernelProfile.IsTrusted(function ?? context.ContainingSymbol))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, where, what, verb));
        }
    }
}
