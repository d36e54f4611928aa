using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Bodies;

/// <summary>The kinds of operation that the readers know, doing nothing or read by one of them.</summary>
internal static class KnownOperations
{
    private static readonly ImmutableHashSet<OperationKind> s_kinds =
    [
        // Statements.
        OperationKind.Block, OperationKind.VariableDeclarationGroup, OperationKind.VariableDeclaration, OperationKind.VariableDeclarator,
        OperationKind.Switch, OperationKind.Loop, OperationKind.Labeled, OperationKind.Branch, OperationKind.Empty, OperationKind.Return,
        OperationKind.YieldBreak, OperationKind.YieldReturn, OperationKind.Lock, OperationKind.Try, OperationKind.Using,
        OperationKind.UsingDeclaration, OperationKind.ExpressionStatement, OperationKind.LocalFunction, OperationKind.CatchClause,
        OperationKind.SwitchCase, OperationKind.CaseClause, OperationKind.Throw, OperationKind.MethodBody, OperationKind.ConstructorBody,

        // Values.
        OperationKind.Literal, OperationKind.Conversion, OperationKind.Invocation, OperationKind.ArrayElementReference,
        OperationKind.LocalReference, OperationKind.ParameterReference, OperationKind.FieldReference, OperationKind.MethodReference,
        OperationKind.PropertyReference, OperationKind.EventReference, OperationKind.Unary, OperationKind.Binary, OperationKind.Conditional,
        OperationKind.Coalesce, OperationKind.AnonymousFunction, OperationKind.ObjectCreation, OperationKind.TypeParameterObjectCreation,
        OperationKind.ArrayCreation, OperationKind.InstanceReference, OperationKind.IsType, OperationKind.Await,
        OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.Parenthesized, OperationKind.EventAssignment,
        OperationKind.ConditionalAccess, OperationKind.ConditionalAccessInstance, OperationKind.InterpolatedString,
        OperationKind.AnonymousObjectCreation, OperationKind.ObjectOrCollectionInitializer, OperationKind.MemberInitializer,
        OperationKind.NameOf, OperationKind.Tuple, OperationKind.DynamicObjectCreation, OperationKind.DynamicMemberReference,
        OperationKind.DynamicInvocation, OperationKind.DynamicIndexerAccess, OperationKind.TranslatedQuery, OperationKind.DelegateCreation,
        OperationKind.DefaultValue, OperationKind.TypeOf, OperationKind.SizeOf, OperationKind.AddressOf, OperationKind.IsPattern,
        OperationKind.Increment, OperationKind.Decrement, OperationKind.DeconstructionAssignment, OperationKind.DeclarationExpression,
        OperationKind.ArrayInitializer, OperationKind.VariableInitializer, OperationKind.FieldInitializer,
        OperationKind.PropertyInitializer, OperationKind.ParameterInitializer, OperationKind.Argument, OperationKind.InterpolatedStringText,
        OperationKind.Interpolation, OperationKind.TupleBinary, OperationKind.SwitchExpression, OperationKind.SwitchExpressionArm,
        OperationKind.CoalesceAssignment, OperationKind.Range, OperationKind.Discard, OperationKind.With, OperationKind.Utf8String,
        OperationKind.CollectionExpression, OperationKind.Spread, OperationKind.InlineArrayAccess, OperationKind.ImplicitIndexerReference,
        OperationKind.InterpolatedStringHandlerCreation, OperationKind.InterpolatedStringAddition,
        OperationKind.InterpolatedStringAppendLiteral, OperationKind.InterpolatedStringAppendFormatted,
        OperationKind.InterpolatedStringAppendInvalid, OperationKind.InterpolatedStringHandlerArgumentPlaceholder,
        OperationKind.FunctionPointerInvocation, OperationKind.Attribute,

        // Patterns.
        OperationKind.ConstantPattern, OperationKind.DeclarationPattern, OperationKind.RecursivePattern, OperationKind.DiscardPattern,
        OperationKind.RelationalPattern, OperationKind.BinaryPattern, OperationKind.NegatedPattern, OperationKind.TypePattern,
        OperationKind.PropertySubpattern, OperationKind.ListPattern, OperationKind.SlicePattern,

        // Code that does not compile is the compiler's to report.
        OperationKind.Invalid,
    ];

    public static bool Contains(OperationKind kind) => s_kinds.Contains(kind);
}
