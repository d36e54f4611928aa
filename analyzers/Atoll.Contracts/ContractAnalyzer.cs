using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Contracts;

/// <summary>All rules of the package: each member with a contract keeps it, and so does what it calls.</summary>
/// <remarks>One analyzer, because one reading of a body answers every rule.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContractAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // A member that a generator wrote is called like any other, and counted on by its contract.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        Guarantees forced = ForcedContracts.Read(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        if (forced == Guarantees.None && !OptInScan.HasOptedIn(context.Compilation, context.CancellationToken))
        {
            return;
        }

        var check = new CompilationCheck(context.Compilation, context.Options, forced, context.CancellationToken);
        context.RegisterOperationBlockAction(check.InspectMember);
        context.RegisterSymbolAction(CompilationCheck.InspectAllowance, SymbolKind.Method, SymbolKind.Property);
        context.RegisterCompilationEndAction(check.Finish);
    }
}
