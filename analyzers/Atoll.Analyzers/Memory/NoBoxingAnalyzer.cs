using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0003: no value becomes an object, and none is taken out of one.</summary>
/// <remarks>Values in string concatenation are left to ATL0006, receivers of method groups to ATL0004.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoBoxingAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0003",
        "No boxing",
        "A '{0}' is {1} here: {2}",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Use a generic method with a constraint, or override the member in the struct.",
        "docs/rules/ATL0003.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterOperationAction(InspectConversion, OperationKind.Conversion);
        context.RegisterOperationAction(InspectMember, OperationKind.Invocation, OperationKind.PropertyReference);
        context.RegisterOperationAction(
            InspectTypeTest,
            OperationKind.IsType,
            OperationKind.DeclarationPattern,
            OperationKind.TypePattern,
            OperationKind.RecursivePattern);
    }

    private static void InspectConversion(OperationAnalysisContext context)
    {
        var operation = (IConversionOperation)context.Operation;
        Conversion conversion = operation.GetConversion();
        if (operation.Operand.Type is not { } source || operation.Type is not { } target || operation.IsInAttribute())
        {
            return;
        }

        bool boxes = conversion.IsBoxing
            || conversion.IsImplicit && target.TypeKind == TypeKind.Dynamic && source.IsBoxable();
        if (boxes && !IsConcatenated(operation) && !operation.IsComparedWithNull())
        {
            Report(context, operation.Syntax, source, "boxed", $"'{target.Display()}' is a reference type");
        }
        else if (conversion.IsUnboxing)
        {
            Report(context, operation.Syntax, target, "unboxed", $"'{source.Display()}' is a reference type");
        }
    }

    private static void InspectMember(OperationAnalysisContext context)
    {
        (IOperation? instance, ISymbol? member) = context.Operation switch
        {
            IInvocationOperation invocation => (invocation.Instance, (ISymbol)invocation.TargetMethod),
            IPropertyReferenceOperation property => (property.Instance, property.Property),
            _ => (null, null),
        };
        if (instance?.Type is null || member is null)
        {
            return;
        }

        if (instance.Syntax is BaseExpressionSyntax
            && context.ContainingSymbol.ContainingType is { IsValueType: true } self)
        {
            Report(context, context.Operation.Syntax, self, "boxed", $"'{member.Display()}' belongs to a class");
        }
        else if (instance.Type.IsBoxable() && member.ContainingType.TypeKind == TypeKind.Class)
        {
            Report(context, context.Operation.Syntax, instance.Type, "boxed",
                $"'{member.Display()}' is inherited, not overridden");
        }
        else if (instance.Type is ITypeParameterSymbol { IsReferenceType: false }
            && member is { ContainingType.TypeKind: TypeKind.Interface, IsAbstract: false, IsStatic: false })
        {
            Report(context, context.Operation.Syntax, instance.Type, "boxed",
                $"'{member.Display()}' has a default implementation");
        }
    }

    private static void InspectTypeTest(OperationAnalysisContext context)
    {
        (ITypeSymbol? input, ITypeSymbol? tested) = context.Operation switch
        {
            IIsTypeOperation test => (test.ValueOperand.Type, test.TypeOperand),
            IDeclarationPatternOperation pattern => (pattern.InputType, pattern.MatchedType),
            ITypePatternOperation pattern => (pattern.InputType, pattern.MatchedType),
            IRecursivePatternOperation pattern => (pattern.InputType, pattern.MatchedType),
            _ => (null, null),
        };

        if (input is { IsReferenceType: true } && tested is { IsValueType: true })
        {
            Report(context, context.Operation.Syntax, tested, "unboxed", $"'{input.Display()}' is a reference type");
        }
        else if (input is ITypeParameterSymbol { IsReferenceType: false }
            && tested is not null && !(tested.SpecialType == SpecialType.System_Object && !Keeps(context.Operation)) && !SymbolEqualityComparer.Default.Equals(input, tested))
        {
            Report(context, context.Operation.Syntax, input, "boxed", $"it is tested for '{tested.Display()}'");
        }
    }

    // 'x is object o' keeps the box.
    private static bool Keeps(IOperation test) => test is IDeclarationPatternOperation or IRecursivePatternOperation;

    // csc calls ToString on a concatenated value without boxing it; the string is what is wrong.
    private static bool IsConcatenated(IConversionOperation operation) =>
        operation is
        {
            IsImplicit: true,
            Parent: IBinaryOperation { Type.SpecialType: SpecialType.System_String }
                or ICompoundAssignmentOperation { Type.SpecialType: SpecialType.System_String },
        };

    private static void Report(
        OperationAnalysisContext context, SyntaxNode syntax, ITypeSymbol value, string what, string reason) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, syntax.GetLocation(), value.Display(), what, reason));
}
