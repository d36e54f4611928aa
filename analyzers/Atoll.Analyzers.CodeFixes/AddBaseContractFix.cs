using System.Composition;
using Atoll.Analyzers.Contracts;
using Atoll.Analyzers.Progress;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Analyzers.CodeFixes;

/// <summary>ATL0012: an override or implementation makes the promises of its base, and is then held to them itself.</summary>
/// <remarks>
/// Not where it declares a larger stack than its base, waits although its base does not, or has no C# body.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AddBaseContractFix() : SolutionCodeFix("ATL0012", "Promise what the base does")
{
    private protected override Solution? FixSolution(FixTarget target, CancellationToken cancellationToken)
    {
        if (target.Find<TypeDeclarationSyntax>() is not { } declaration
            || target.Model.GetDeclaredSymbol(declaration, cancellationToken) is not INamedTypeSymbol type)
        {
            return null;
        }

        var additions = new List<(IMethodSymbol Method, string[] Attributes)>();
        foreach (IGrouping<IMethodSymbol, Implementation> group in Implementation.OfInterfaces(type)
            .Concat(Implementation.OfBases(type))
            .Where(one => one.Place.SourceSpan == target.Span && one.Place.SourceTree == target.Root.SyntaxTree)
            .GroupBy<Implementation, IMethodSymbol>(static one => one.Method, SymbolEqualityComparer.Default))
        {
            if (Missing(group.Key, [.. group]) is not { } attributes)
            {
                return null;
            }

            if (attributes.Length > 0)
            {
                additions.Add((group.Key, attributes));
            }
        }

        return ContractAttributes.Add(target, additions);
    }

    // Null where the promises cannot all be made.
    private static string[]? Missing(IMethodSymbol method, IReadOnlyList<Implementation> bases)
    {
        Contract own = Contract.Of(method);
        Promises promised = bases.Aggregate(Promises.None, static (all, one) => all | Contract.Of(one.Promised).Promises);
        int? bound = bases.Min(static one => Contract.Of(one.Promised).StackBytes);
        bool isBlocked =
            (promised & NoBlockingCallAnalyzer.GoesOn) != 0 && NoBlockingCallAnalyzer.IsBlocking(method);
        return method.IsExtern || isBlocked || own.StackBytes > bound
            ? null
            : [.. ContractAttributes.Of(promised & ~own.Promises, own.StackBytes is null ? bound : null)];
    }
}
