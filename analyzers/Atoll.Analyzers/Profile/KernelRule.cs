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
    private protected KernelRule(DiagnosticDescriptor rule) => SupportedDiagnostics = [rule];

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
                Register(start, profile);
            }
        });
    }

    /// <summary>Registers the rule's actions. Called once per profiled compilation.</summary>
    private protected abstract void Register(CompilationStartAnalysisContext context, KernelProfile profile);
}
