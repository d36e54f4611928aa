using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Contracts;

/// <summary>ATL0011: a callee promises at least what its caller does.</summary>
/// <remarks>
/// Checked at each call, so it holds for the whole tree below. [Trusted] ends the proof of what its own body calls; its
/// reason may be another one, so what it promises it says like any callee. Accessors and constructors that csc writes
/// call nothing, and intrinsics are instructions.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MeetContractAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0011",
        "Contract not met",
        "'{0}' promises what '{1}' does not: {2}",
        "Atoll.Contracts",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A promise holds only if everything below it makes it, too.",
        "docs/rules/ATL0011.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterOperationAction(inner => Inspect(inner, profile), Calls.Calls.Kinds);

    /// <summary>The callees of an operation that do not promise what its function does.</summary>
    internal static IEnumerable<IMethodSymbol> Unmet(
        IOperation operation, ISymbol function, Compilation compilation, KernelProfile profile)
    {
        Contract caller = Contract.Of(function);
        return caller.IsEmpty || operation.IsInAttribute() || operation.IsInNameOf()
            || KernelProfile.IsTrusted(function)
            ? []
            : Calls.Calls.Of(operation, compilation).Where(callee =>
                caller.MissingInCallee(Contract.Of(callee)).Length > 0 && !IsProved(callee, profile));
    }

    private static void Inspect(OperationAnalysisContext context, KernelProfile profile)
    {
        IOperation operation = context.Operation;
        ISymbol function = operation.EnclosingFunction(context.ContainingSymbol);
        if (Unmet(operation, function, context.Compilation, profile).FirstOrDefault() is { } callee)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                operation.Syntax.GetLocation(),
                function.Display(),
                callee.Display(),
                Contract.Of(function).MissingInCallee(Contract.Of(callee))));
        }
    }

    private static bool IsProved(IMethodSymbol callee, KernelProfile profile) =>
        callee.MethodKind == MethodKind.LambdaMethod
            || callee.IsImplicitlyDeclared
            || callee.Body().IsIntrinsic() && profile.IsVerified(callee.ContainingAssembly)
            || callee.AssociatedSymbol is IPropertySymbol property && IsAutomatic(callee, property);

    // The field behind the property is private, so of another assembly only what csc says on the accessor is seen.
    private static bool IsAutomatic(IMethodSymbol accessor, IPropertySymbol property) =>
        accessor.OriginalDefinition.HasAttribute("System.Runtime.CompilerServices.CompilerGeneratedAttribute")
        || !(accessor.OriginalDefinition.PartialImplementationPart ?? accessor.OriginalDefinition).DeclaringSyntaxReferences.Any(static one => HasBody(one.GetSyntax()))
            && property.OriginalDefinition.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field =>
                SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property.OriginalDefinition));

    // One that uses 'field' has a field behind it, too.
    private static bool HasBody(SyntaxNode accessor) =>
        accessor is ArrowExpressionClauseSyntax or AccessorDeclarationSyntax { Body: not null }
            or AccessorDeclarationSyntax { ExpressionBody: not null };
}
