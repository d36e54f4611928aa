using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0606: a plain read of what the boot has written becomes a volatile one. A write is left to a human.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ReadBootWrittenFix() : KernelCodeFix("ATL0606", "Use Volatile.Read")
{
    private protected override Document? Fix(FixTarget target, CancellationToken cancellationToken) =>
        VolatileCall.ReadPlace(target) is { } place ? VolatileCall.Load(target, place) : null;
}
