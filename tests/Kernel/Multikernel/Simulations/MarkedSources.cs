using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Atoll.Kernel.Tests.Multikernel.Simulations;

/// <summary>Sources with a mark in each block: bodies of methods, branches, loops, cases. Members that are one expression have none.</summary>
internal sealed class MarkedSources
{
    private readonly List<string> _places = [];

    /// <summary>Where each mark is: file and line.</summary>
    public IReadOnlyList<string> Places => _places;

    /// <summary>Puts marks into a source.</summary>
    public string Mark(string file, string text)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();
        return new Marker(this, file).Visit(root).ToFullString();
    }

    private StatementSyntax Next(string file, SyntaxNode where)
    {
        Assert.True(_places.Count < Marks.CountMax, "more marks than there is room for");
        _places.Add($"{file}:{where.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");
        return SyntaxFactory.ParseStatement($"global::{typeof(Marks).FullName}.{nameof(Marks.Hit)}({_places.Count - 1});\n");
    }

    private sealed class Marker(MarkedSources sources, string file) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitBlock(BlockSyntax node)
        {
            StatementSyntax mark = sources.Next(file, node.Statements.Count == 0 ? node : node.Statements[0]);
            var inner = (BlockSyntax)base.VisitBlock(node)!;
            return inner.WithStatements(inner.Statements.Insert(0, mark));
        }

        public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node)
        {
            StatementSyntax mark = sources.Next(file, node);
            var inner = (SwitchSectionSyntax)base.VisitSwitchSection(node)!;
            return inner.WithStatements(inner.Statements.Insert(0, mark));
        }
    }
}
