using Atoll.Contracts.Library;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Bodies;

/// <summary>What a reader has found so far.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<Deed>.Builder _deeds = ImmutableArray.CreateBuilder<Deed>();
    private readonly ImmutableArray<CallSite>.Builder _calls = ImmutableArray.CreateBuilder<CallSite>();

    /// <summary>What may be broken at the operation that is read now.</summary>
    public Guarantees Ignored { get; set; }

    /// <summary>The first <c>yield</c>, if there is one.</summary>
    public SyntaxNode? IteratorSyntax { get; set; }

    public void Add(Guarantees breaks, DiagnosticDescriptor rule, SyntaxNode syntax, string what)
    {
        if ((breaks & ~Ignored) != 0)
        {
            _deeds.Add(new Deed(breaks & ~Ignored, rule, syntax, what));
        }
    }

    public void AddUnknown(Guarantees of, SyntaxNode syntax, string why) => Add(of, Rules.Unknown, syntax, why);

    public void AddCall(IMethodSymbol callee, ITypeSymbol? receiver, SyntaxNode syntax, Assumptions kept = Assumptions.None, Guarantees known = Guarantees.None) =>
        _calls.Add(new CallSite(callee, receiver, syntax, Ignored | known, kept));

    public Body ToBody() => new(_deeds.ToImmutable(), _calls.ToImmutable());
}
