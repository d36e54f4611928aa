using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0607: a plain load or store of a shared field becomes one with <c>Volatile</c>.</summary>
/// <remarks>
/// What reads and writes at once is left alone: as a load and a store it is right only where the field has one writer.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseVolatileFix() : KernelCodeFix("ATL0607", "Use Volatile")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken) =>
        VolatileCall.Store(target) is { } store
            ? VolatileCall.Store(target, store)
            : VolatileCall.ReadPlace(target) is { } place ? VolatileCall.Load(target, place) : null;
}
