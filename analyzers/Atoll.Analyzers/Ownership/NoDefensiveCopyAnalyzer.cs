using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Ownership;

/// <summary>ATL0406: a member that may change an owned value is not called through a readonly reference.</summary>
/// <remarks>
/// csc calls it on a hidden copy, and what it changes is lost. It says nothing about that.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoDefensiveCopyAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0406",
        "Defensive copy",
        "'{0}' is not readonly, so this calls it on a copy of '{1}'",
        "Atoll.Ownership",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The copy that nobody wrote is a copy, too.",
        "docs/rules/ATL0406.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(
            Inspect, OperationKind.Invocation, OperationKind.PropertyReference, OperationKind.ImplicitIndexerReference,
            OperationKind.Loop);

    private static void Inspect(OperationAnalysisContext context)
    {
        (IOperation? instance, IMethodSymbol? callee) = context.Operation switch
        {
            IInvocationOperation call => (call.Instance, call.TargetMethod),
            IPropertyReferenceOperation property =>
                (property.Instance, property.IsOnlyWritten() ? property.Property.SetMethod : property.Property.GetMethod),

            // '[^1]' calls two members.
            IImplicitIndexerReferenceOperation indexer =>
                (indexer.Instance, Callees(indexer).FirstOrDefault(static member => !member.IsReadOnly)),
            IForEachLoopOperation loop when Calls.Calls.Enumerator(loop) is { IsExtensionMethod: false } enumerator =>
                (loop.Collection, enumerator),
            _ => (null, null),
        };
        instance = instance is IConversionOperation { IsImplicit: true, OperatorMethod: null } same ? same.Operand : instance;
        if (instance is null || callee is null or { IsReadOnly: true } || callee.ExtendedAs() is not null || !Owned.IsOwned(instance.Type)
            || !IsReadOnly(instance, context.ContainingSymbol) || context.Operation.IsInNameOf())
        {
            return;
        }

        SyntaxNode where = context.Operation is ILoopOperation ? instance.Syntax : context.Operation.Syntax;
        context.ReportDiagnostic(Diagnostic.Create(
            s_rule, where.GetLocation(), callee.Display(), instance.Syntax.ToString()));
    }

    private static IEnumerable<IMethodSymbol> Callees(IImplicitIndexerReferenceOperation indexer) =>
        new[] { indexer.LengthSymbol, indexer.IndexerSymbol }
            .Select(static member => member is IPropertySymbol property ? property.GetMethod : member as IMethodSymbol)
            .OfType<IMethodSymbol>();

    private static bool IsReadOnly(IOperation place, ISymbol member) =>
        place switch
        {
            IParameterReferenceOperation { Parameter.RefKind: var kind } => IsReadOnly(kind),
            ILocalReferenceOperation { Local: { RefKind: var kind, IsUsing: var isUsing } } => IsReadOnly(kind) || isUsing,
            IInvocationOperation { TargetMethod.RefKind: RefKind.RefReadOnly } => true,
            IPropertyReferenceOperation { Property.RefKind: RefKind.RefReadOnly } => true,
            IInstanceReferenceOperation => (member as IMethodSymbol)?.IsReadOnly == true,
            IFieldReferenceOperation { Field: { RefKind: not RefKind.None } field } => IsReadOnly(field.RefKind),
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } => !IsInitialiser(member, field),
            IFieldReferenceOperation { Instance: { Type.IsValueType: true } outer } => IsReadOnly(outer, member),
            IInlineArrayAccessOperation access => IsReadOnly(access.Instance, member),
            _ => false,
        };

    private static bool IsReadOnly(RefKind kind) => kind is RefKind.In or RefKind.RefReadOnlyParameter;

    private static bool IsInitialiser(ISymbol member, IFieldSymbol field) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor }
            && SymbolEqualityComparer.Default.Equals(member.ContainingType, field.ContainingType);
}
