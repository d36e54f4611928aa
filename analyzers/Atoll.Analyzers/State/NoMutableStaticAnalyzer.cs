using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers.State;

/// <summary>ATL0601: what an instance owns hangs off its state block, not off statics.</summary>
/// <remarks>A type or field marked <c>[Atoll.PerCore]</c> is exempt. Thread statics are ATL0605, [BootWritten] ones ATL0606.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoMutableStaticAnalyzer() : KernelRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "ATL0601",
        "Mutable static",
        "'{0}' is static and can change: move it into the instance's state, or make it readonly",
        "Atoll.State",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Statics keep an instance from being replaced, moved, or simulated beside another.",
        "docs/rules/ATL0601.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected override void Register(CompilationStartAnalysisContext context, KernelProfile profile) =>
        context.RegisterSymbolAction(Inspect, SymbolKind.Field, SymbolKind.Property, SymbolKind.Event);

    private static void Inspect(SymbolAnalysisContext context)
    {
        ISymbol member = context.Symbol;
        if (!member.IsStatic || !HasMutableField(member) || PerCoreAddressStaysAnalyzer.IsPerCore(member)
            || ReadBootWrittenAnalyzer.IsBootWritten(member) || NoThreadStaticAnalyzer.IsThreadStatic(member))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(s_rule, member.Place(), member.Display()));
    }

    private static bool HasMutableField(ISymbol member) =>
        member switch
        {
            IFieldSymbol field => field is { IsReadOnly: false, IsConst: false, AssociatedSymbol: null },
            IPropertySymbol property => BackingField(property) is { IsReadOnly: false },
            IEventSymbol declared => declared is { IsAbstract: false, AddMethod.IsImplicitlyDeclared: true },
            _ => false,
        };

    private static IFieldSymbol? BackingField(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
