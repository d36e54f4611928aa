using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Atoll.Analyzers.Memory;

/// <summary>ATL0007: no field, variable, parameter, result or type argument refers to an object.</summary>
/// <remarks>
/// Where no reference lives there is no write barrier, no cast, no dispatch and nothing to collect. Silent for
/// constants, attribute classes, parameters of lambdas (ATL0004), signatures fixed by a base type or an interface, and
/// <c>[Trusted]</c>.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoReferenceStateAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0007",
        "No reference-type state",
        "{0} '{1}' holds a reference: '{2}'",
        "Atoll.Memory",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Use structs, spans, pointers and generic constraints.",
        "docs/rules/ATL0007.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        var references = new ReferenceTypes(profile);
        context.RegisterSymbolAction(inner => InspectMember(inner, references),
            SymbolKind.Field, SymbolKind.Property, SymbolKind.Event, SymbolKind.Method);
        context.RegisterSyntaxNodeAction(inner => InspectLocal(inner, references),
            SyntaxKind.VariableDeclarator, SyntaxKind.SingleVariableDesignation, SyntaxKind.ForEachStatement);
        context.RegisterSyntaxNodeAction(inner => InspectLocalFunction(inner, references),
            SyntaxKind.LocalFunctionStatement);
        context.RegisterOperationAction(inner => InspectTypeArguments(inner, references), OperationKind.Invocation);
    }

    private static void InspectMember(SymbolAnalysisContext context, ReferenceTypes references)
    {
        ISymbol member = context.Symbol;
        if (member.IsImplicitlyDeclared || member.ContainingType.IsAttributeClass())
        {
            return;
        }

        switch (member)
        {
            case IFieldSymbol { IsConst: false } field:
                Check(field.Type, "Field", field);
                break;
            case IEventSymbol declared:
                Check(declared.Type, "Event", declared);
                break;
            case IPropertySymbol property when !IsFixedElsewhere(property):
                Check(property.Type, "Property", property);
                CheckParameters(property.Parameters);
                break;
            case IMethodSymbol { AssociatedSymbol: null } method when !IsFixedElsewhere(method):
                Check(method.ReturnType, "Result of", method);
                CheckParameters(method.Parameters);
                break;
        }

        void CheckParameters(ImmutableArray<IParameterSymbol> parameters)
        {
            foreach (IParameterSymbol parameter in parameters)
            {
                Check(parameter.Type, "Parameter", parameter);
            }
        }

        void Check(ITypeSymbol type, string what, ISymbol symbol)
        {
            // Nobody wrote the parameter of a program without a Main.
            if (!symbol.IsImplicitlyDeclared && references.Find(type) is { } reference && !KernelProfile.IsTrusted(member))
            {
                context.ReportDiagnostic(Create(symbol.Place(), what, symbol, reference));
            }
        }
    }

    private static void InspectLocal(SyntaxNodeAnalysisContext context, ReferenceTypes references)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken)
                is ILocalSymbol { IsConst: false } local
            && references.Find(local.Type) is { } reference && !KernelProfile.IsTrusted(local))
        {
            context.ReportDiagnostic(Create(local.Place(), "Variable", local, reference));
        }
    }

    private static void InspectLocalFunction(SyntaxNodeAnalysisContext context, ReferenceTypes references)
    {
        var syntax = (LocalFunctionStatementSyntax)context.Node;
        if (context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not IMethodSymbol function
            || KernelProfile.IsTrusted(function))
        {
            return;
        }

        if (references.Find(function.ReturnType) is { } result)
        {
            context.ReportDiagnostic(Create(function.Place(), "Result of", function, result));
        }

        foreach (IParameterSymbol parameter in function.Parameters)
        {
            if (references.Find(parameter.Type) is { } reference)
            {
                context.ReportDiagnostic(Create(parameter.Place(), "Parameter", parameter, reference));
            }
        }
    }

    // Bound to a class, generic code is shared by all classes: its calls go through a dictionary.
    private static void InspectTypeArguments(OperationAnalysisContext context, ReferenceTypes references)
    {
        var invocation = (IInvocationOperation)context.Operation;
        foreach (ITypeSymbol argument in invocation.TargetMethod.TypeArguments)
        {
            if (references.Find(argument) is { } reference
                && !KernelProfile.IsTrusted(invocation.EnclosingFunction(context.ContainingSymbol)))
            {
                context.ReportDiagnostic(Create(
                    invocation.Syntax.GetLocation(), "Type argument of", invocation.TargetMethod, reference));
                return;
            }
        }
    }

    private static bool IsFixedElsewhere(ISymbol member) =>
        member.IsOverride
        || member is IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false }
        || member is IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false };

    private static Diagnostic Create(Location location, string what, ISymbol symbol, ITypeSymbol reference) =>
        Diagnostic.Create(s_rule, location, what, symbol.Name, reference.Display());
}
