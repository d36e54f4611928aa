using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Atoll.Analyzers;

/// <summary>One rule: silent until an assembly opts in with <c>[assembly: Atoll.KernelProfile]</c>.</summary>
/// <remarks>
/// A new rule is one class derived from this one, one page in docs/rules, one line in AnalyzerReleases.Unshipped.md,
/// one test file and one seed (tests/Analyzers/Seeds). Its descriptor names these custom tags:
/// <list type="bullet">
/// <item><c>NotConfigurable</c>: pragma, <c>/nowarn</c>, .editorconfig and .globalconfig cannot silence it;</item>
/// <item><c>Compiler</c>: Roslyn does not apply <c>[SuppressMessage]</c> to diagnostics with this tag;</item>
/// <item><c>CompilationEnd</c>, where the rule needs the whole compilation and is therefore not shown while
/// typing.</item>
/// </list>
/// </remarks>
public abstract class KernelRule : DiagnosticAnalyzer
{
    /// <summary>What every rule reports when it crashes.</summary>
    internal const string CrashId = "ATL8000";

    // Roslyn's own word, AD0001, is a warning that a project can silence, and then nobody hears that the rule checked nothing.
    private static readonly DiagnosticDescriptor s_crash = new(
        CrashId,
        "Rule crashed",
        "{0} crashed here, so it has not checked this: {1}",
        "Atoll.Trust",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A rule that says nothing because it broke is not a rule that found nothing.",
        "docs/rules/build-gate.md",
        WellKnownDiagnosticTags.NotConfigurable,
        WellKnownDiagnosticTags.Compiler);

    private protected KernelRule(DiagnosticDescriptor rule) => SupportedDiagnostics = [rule, s_crash];

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // Generated code runs in the kernel like any other.
        context.ConfigureGeneratedCodeAnalysis(
            GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(start =>
        {
            if (KernelProfile.Of(start.Compilation) is { } profile)
            {
                RegisterGuarded(start, profile);
            }
        });
    }

    /// <summary>Registers the rule's actions. Called once per profiled compilation.</summary>
    private protected abstract void Register(CompilationStartAnalysisContext context, KernelProfile profile);

    private void RegisterGuarded(CompilationStartAnalysisContext start, KernelProfile profile)
    {
        try
        {
            Register(new GuardedStart(start, Crashed), profile);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            start.RegisterCompilationEndAction(end => end.ReportDiagnostic(Crashed(Location.None, exception)));
        }
    }

    private Diagnostic Crashed(Location where, Exception exception)
    {
        string trace = exception.ToString();
        return Diagnostic.Create(s_crash, where, SupportedDiagnostics[0].Id, string.Join(" ", trace.Split('\r', '\n').Take(3)));
    }
}
