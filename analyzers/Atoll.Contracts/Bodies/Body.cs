using Atoll.Contracts.Library;
using Microsoft.CodeAnalysis;

namespace Atoll.Contracts.Bodies;

/// <summary>Something that a body does by itself.</summary>
/// <param name="Breaks">The guarantees that it breaks.</param>
/// <param name="Rule">The rule that reports it, or <see cref="Rules.Unknown"/> where nothing is known.</param>
/// <param name="Syntax">Where.</param>
/// <param name="What">What, in the words of the message.</param>
internal sealed record Deed(Guarantees Breaks, DiagnosticDescriptor Rule, SyntaxNode Syntax, string What)
{
    /// <summary>Whether it is not known that it breaks anything.</summary>
    public bool IsUnknown => Rule == Rules.Unknown;
}

/// <summary>One call that a body makes, in whatever syntax.</summary>
/// <param name="Callee">The method that the text names.</param>
/// <param name="Receiver">Static type of what it is called on, or null: static, or a base call.</param>
/// <param name="Syntax">Where.</param>
/// <param name="Ignored">What may be broken here: allocation where every path from here throws, exceptions where all are caught.</param>
/// <param name="Kept">What a contract list may assume of the arguments.</param>
internal sealed record CallSite(IMethodSymbol Callee, ITypeSymbol? Receiver, SyntaxNode Syntax, Guarantees Ignored, Assumptions Kept = Assumptions.None);

/// <summary>All that matters about a function's body.</summary>
/// <param name="Deeds">What it does by itself.</param>
/// <param name="Calls">What it calls.</param>
internal sealed record Body(ImmutableArray<Deed> Deeds, ImmutableArray<CallSite> Calls)
{
    public static Body Empty { get; } = new([], []);
}
