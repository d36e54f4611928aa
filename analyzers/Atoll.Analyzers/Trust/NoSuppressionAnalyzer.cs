using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.Trust;

/// <summary>ATL1003: nobody silences a rule or what csc says of references, and nobody changes what a call means.</summary>
/// <remarks>
/// The rules cannot be silenced (see <see cref="KernelRule"/>), so a suppression does nothing but mislead its reader.
/// Banning it also stays right if a later compiler honours it. What csc finds of references that outlive what they lead to can
/// be silenced: in unsafe code it is a warning. An interceptor runs in place of a method that the rules have looked at.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoSuppressionAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL1003",
        "Suppression of an ATL rule",
        "{0}: a rule is met, or ended by [Trusted] with a reason",
        "Atoll.Trust",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A suppression gives no reason that a reviewer can count or check.",
        "docs/rules/ATL1003.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    // Roslyn honours them.
    private static readonly ImmutableArray<string> s_attributes =
    [
        "System.Diagnostics.CodeAnalysis.SuppressMessageAttribute",
        "System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessageAttribute",
        "System.Runtime.CompilerServices.InterceptsLocationAttribute",
    ];

    // Errors, but warnings in unsafe code: a reference that is kept longer than what it leads to lives.
    private static readonly ImmutableHashSet<int> s_referenceWarnings =
        [9073, 9074, .. Enumerable.Range(9080, 9097 - 9080 + 1)];

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile)
    {
        context.RegisterSyntaxTreeAction(InspectPragmas);
        context.RegisterSyntaxNodeAction(InspectAttribute, SyntaxKind.Attribute);
        context.RegisterSymbolAction(InspectType, SymbolKind.NamedType);
    }

    private static void InspectPragmas(SyntaxTreeAnalysisContext context)
    {
        SyntaxNode root = context.Tree.GetRoot(context.CancellationToken);
        if (!root.ContainsDirectives)
        {
            return;
        }

        foreach (SyntaxTrivia trivia in root.DescendantTrivia(static node => node.ContainsDirectives))
        {
            if (trivia.GetStructure() is not PragmaWarningDirectiveTriviaSyntax { IsActive: true } pragma)
            {
                continue;
            }

            if (pragma.ErrorCodes.Count == 0)
            {
                Report(context.ReportDiagnostic, pragma.GetLocation(), "This pragma names every rule");
            }

            foreach (ExpressionSyntax code in pragma.ErrorCodes.Where(NamesRule))
            {
                Report(context.ReportDiagnostic, code.GetLocation(), $"This pragma names {code}");
            }
        }
    }

    private static bool NamesRule(ExpressionSyntax code)
    {
        string text = code.ToString();
        string number = text.StartsWith("CS", StringComparison.OrdinalIgnoreCase) ? text.Substring(2) : text;
        return text.StartsWith("ATL", StringComparison.OrdinalIgnoreCase)
            || int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int warning)
                && s_referenceWarnings.Contains(warning);
    }

    private static void InspectAttribute(SyntaxNodeAnalysisContext context)
    {
        ISymbol? constructor = context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol;
        if (constructor is { ContainingType: var type } && IsSuppression(type))
        {
            Report(context.ReportDiagnostic, context.Node.GetLocation(), $"{type.Name} is not for kernel code");
        }
    }

    private static void InspectType(SymbolAnalysisContext context)
    {
        if (IsSuppression((INamedTypeSymbol)context.Symbol))
        {
            Report(
                context.ReportDiagnostic,
                context.Symbol.Place(),
                $"{context.Symbol.Name} is not for kernel code");
        }
    }

    private static bool IsSuppression(INamedTypeSymbol type) => s_attributes.Any(type.IsNamed);

    private static void Report(Action<Diagnostic> report, Location location, string what) =>
        report(Diagnostic.Create(s_rule, location, what));
}
