using Atoll.Mutants;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Cli.Tests.Mutants;

/// <summary>Each kind of change is made where it can be, and nowhere else.</summary>
public sealed class MutantMakerTests
{
    // The kinds of Stryker.NET's documentation, "Mutations".
    [Theory]
    [InlineData("return a + b;", "a + b -> a - b")]
    [InlineData("return a - b;", "a - b -> a + b")]
    [InlineData("return a * b;", "a * b -> a / b")]
    [InlineData("return a / b;", "a / b -> a * b")]
    [InlineData("return a % b;", "a % b -> a * b")]
    [InlineData("return a & b;", "a & b -> a | b")]
    [InlineData("return a | b;", "a | b -> a & b")]
    [InlineData("return a ^ b;", "a ^ b -> a & b")]
    [InlineData("return a << b;", "a << b -> a >> b")]
    [InlineData("return a >> b;", "a >> b -> a << b")]
    [InlineData("return -a;", "-a -> a")]
    [InlineData("return ~a;", "~a -> a")]
    [InlineData("return a++;", "a++ -> a--")]
    [InlineData("return --a;", "--a -> ++a")]
    [InlineData("return a > b;", "a > b -> a < b", "a > b -> a >= b")]
    [InlineData("return a >= b;", "a >= b -> a < b", "a >= b -> a > b")]
    [InlineData("return a < b;", "a < b -> a > b", "a < b -> a <= b")]
    [InlineData("return a <= b;", "a <= b -> a > b", "a <= b -> a < b")]
    [InlineData("return a == b;", "a == b -> a != b")]
    [InlineData("return a != b;", "a != b -> a == b")]
    [InlineData("return !p;", "!p -> p")]
    [InlineData("return true;", "true -> false")]
    [InlineData("return false;", "false -> true")]
    [InlineData("return p ? a : b;", "p ? a : b -> a", "p ? a : b -> b")]
    [InlineData("return a is 1;", "a is 1 -> !(a is 1)")]
    [InlineData("return p && q;", "p -> !(p)", "q -> !(q)", "p && q -> p || q")]
    [InlineData("return p || q;", "p -> !(p)", "q -> !(q)", "p || q -> p && q")]
    [InlineData("if (p) return 1; return 2;", "p -> !(p)")]
    [InlineData("F();", "F(); -> ;")]
    [InlineData("a += b;", "a += b; -> a -= b;", "a += b; -> ;")]
    [InlineData("a |= b;", "a |= b; -> a &= b;", "a |= b; -> ;")]
    [InlineData("return;", "return; -> ;")]
    [InlineData("while (p) { F(); }", "p -> !(p)", "F(); -> ;", "{ -> {}")]
    public void Kinds(string body, params string[] expected) =>
        Assert.Equal(expected, Made($"class C {{ int M() {{ {body} }} }}"));

    /// <summary>What must be constant, is a pattern or a type, runs once for all tests, or would declare a name twice.</summary>
    [Theory]
    [InlineData("[A(1 + 2)] class C { }")]
    [InlineData("enum E { A = 1 + 2 }")]
    [InlineData("class C { const int A = 1 + 2; }")]
    [InlineData("class C { static readonly int A = 1 + 2; }")]
    [InlineData("class C { static int A { get; } = 1 + 2; }")]
    [InlineData("class C { static C() { A = 1; } }")]
    [InlineData("class C { void M(bool a = true) { } }")]
    [InlineData("class C { int M() { const int A = 1 + 2; return A; } }")]
    [InlineData("class C { string M() { return nameof(A.B); } }")]
    [InlineData("class C { bool M() { return F(out int x) == x; } }")]
    [InlineData("class C { string M() { return \"a\"; } }")]
    [InlineData("class C { int M() { while (true) ; } }")]
    public void Nothing(string source) => Assert.Empty(Made(source));

    [Fact]
    public void Mutant_NamesItsLine()
    {
        const string source = "class C\n{\n    int M(int a) =>\n        a\n            + 1;\n}\n";

        Assert.Equal([new Mutant(0, "A.cs", "a", "a + 1", "a - 1")], SampleRoom.Made(source));
    }

    /// <summary>Only what lies wholly inside.</summary>
    [Fact]
    public void Spans_ChooseMutants()
    {
        const string source = "class C { int M(int a) => a + 1; int N(int a) => a * 2; }";
        int start = source.IndexOf("int N", StringComparison.Ordinal);

        Assert.Equal("a * 2", Assert.Single(SampleRoom.Made(source, TextSpan.FromBounds(start, source.Length))).Original);
        Assert.Empty(SampleRoom.Made(source, TextSpan.FromBounds(start, source.IndexOf("* 2", StringComparison.Ordinal))));
    }

    private static IEnumerable<string> Made(string source) => SampleRoom.Made(source).Select(mutant => $"{mutant.Original} -> {mutant.Replacement}");
}
