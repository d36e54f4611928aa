using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0006: no value of type string; text is UTF-8 in a <c>ReadOnlySpan&lt;byte&gt;</c>.</summary>
/// <remarks>
/// Silent in attributes, the declarations of constants, what csc computes (<c>nameof(A) == nameof(B)</c>) and what it erases.
/// Variables of type string are ATL0007.
/// One expression tree gives one diagnostic: the outermost string.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoManagedStringAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0006",
        "No managed string",
        "This is a UTF-16 string object: use a UTF-8 literal (\"…\"u8)",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Text in kernel code is ReadOnlySpan<byte>, UTF-8, in read-only data.",
        "docs/rules/ATL0006.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect,
            OperationKind.Literal,
            OperationKind.NameOf,
            OperationKind.InterpolatedString,
            OperationKind.Binary,
            OperationKind.CompoundAssignment,
            OperationKind.Invocation,
            OperationKind.PropertyReference,
            OperationKind.FieldReference,
            OperationKind.LocalReference,
            OperationKind.ObjectCreation,
            OperationKind.Conversion);

    private static void Inspect(OperationAnalysisContext context)
    {
        IOperation operation = context.Operation;
        if (IsString(operation) && !IsPartOfString(operation) && !IsMetadata(operation) && !operation.IsInThrow()
            && !IsComputed(operation) && !Flow.Erasures.IsErased(operation))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, operation.Syntax.GetLocation()));
        }
    }

    private static bool IsString(IOperation operation) =>
        operation switch
        {
            // What goes to a handler is no string as a whole; its text is, piece by piece.
            IInterpolatedStringOperation text when text.Parent is IInterpolatedStringHandlerCreationOperation
                or IInterpolatedStringAdditionOperation => text.Parts.Any(HasText),
            IInterpolatedStringOperation => true,
            { Type.SpecialType: not SpecialType.System_String } => false,
            ILiteralOperation => operation.ConstantValue is { HasValue: true, Value: string },

            // A variable was reported where it is declared; a constant is a literal in disguise.
            ILocalReferenceOperation local => local.Local.IsConst,
            IFieldReferenceOperation field => field.Field.IsConst || field.Field.DeclaringSyntaxReferences.IsEmpty,
            IConversionOperation conversion => conversion.OperatorMethod is not null,
            _ => true,
        };

    private static bool HasText(IInterpolatedStringContentOperation part) =>
        part switch
        {
            IInterpolatedStringAppendOperation { AppendCall: IInvocationOperation call } => call.Arguments.Any(static argument =>
                argument.Value is { Type.SpecialType: SpecialType.System_String, ConstantValue: { HasValue: true, Value: string } }),
            IInterpolatedStringAppendOperation or IInterpolatedStringTextOperation => true,
            IInterpolationOperation hole => hole.FormatString is not null,
            _ => true,
        };

    // Only the outcome is in the image: a number, a truth.
    private static bool IsComputed(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is { Type: not null }; parent = parent.Parent)
        {
            if (parent.ConstantValue.HasValue && parent.Type.SpecialType != SpecialType.System_String)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPartOfString(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IInterpolatedStringOperation
                || parent.Type?.SpecialType == SpecialType.System_String
                    && parent is IBinaryOperation or ICompoundAssignmentOperation or IInvocationOperation
                        or IObjectCreationOperation { Type.SpecialType: SpecialType.System_String })
            {
                return true;
            }

            if (parent is IBlockOperation)
            {
                return false;
            }
        }

        return false;
    }

    // Text that never becomes a value of the running program.
    private static bool IsMetadata(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            switch (parent)
            {
                case IAttributeOperation or INameOfOperation:
                case ISimpleAssignmentOperation { Target: IDiscardOperation, Value.ConstantValue.HasValue: true }:
                case IParameterInitializerOperation:
                case IVariableDeclaratorOperation { Symbol.IsConst: true }:
                case IFieldInitializerOperation field when IsMetadata(field.InitializedFields):
                case IPropertyInitializerOperation property when IsMetadata(property.InitializedProperties):
                    return true;
            }
        }

        return false;
    }

    private static bool IsMetadata<T>(ImmutableArray<T> initialized)
        where T : class, ISymbol =>
        initialized.Any(static member =>
            member is IFieldSymbol { IsConst: true } || member.ContainingType.IsAttributeClass());
}
