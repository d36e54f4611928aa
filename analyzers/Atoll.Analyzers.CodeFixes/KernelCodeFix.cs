using Microsoft.CodeAnalysis;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>A fix that changes only the file with the finding.</summary>
public abstract class KernelCodeFix : SolutionCodeFix
{
    private protected KernelCodeFix(string id, string title)
        : base(id, title)
    {
    }

    /// <summary>The document without the finding, or null where a fix could change what the program does.</summary>
    private protected abstract Document? Fix(FixTarget target, CancellationToken cancellationToken);

    private protected sealed override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken) =>
        Fix(target, cancellationToken)?.Project.Solution;
}
