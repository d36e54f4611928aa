using Atoll.Cli.Testing;

namespace Atoll.Cli.Tests.Testing;

/// <summary>A sample is the same each time, of whole members, and an edit of one member leaves the draw of all others alone.</summary>
public sealed class MutantSampleTests
{
    private const string Text = """
        using System;

        namespace A;

        /// <summary>A type.</summary>
        public static class B
        {
            private const int C = 1;

            /// <summary>A member.</summary>
            [Pure]
            public static int D(int x)
            {
                int y = x + C;

                return y * 2;
            }

            private static int E() =>
                D(C) + 1;
        }

        """;

    private static readonly string[] s_members =
    [
        "using System;\n\n",
        "namespace A;\n\n",
        "/// <summary>A type.</summary>\npublic static class B\n{\n    private const int C = 1;\n\n",
        "    /// <summary>A member.</summary>\n    [Pure]\n    public static int D(int x)\n    {\n        int y = x + C;\n\n        return y * 2;\n    }\n\n",
        "    private static int E() =>\n        D(C) + 1;\n}\n",
    ];

    [Fact]
    public void Members_AreAllOfTheText() => Assert.Equal(s_members, MutantSample.Members(Text).Select(member => Text[member]));

    [Fact]
    public void OneInOne_IsEveryMember()
    {
        string[] spans = new MutantSample(1, 0).Pattern("F/B.cs", Text)!.Split('{');

        Assert.Equal("F/B.cs", spans[0]);
        Assert.Equal(s_members, spans[1..].Select(span => Text[Parse(span)]));
    }

    [Fact]
    public void Edit_OfAMember_DrawsTheSame()
    {
        string edited = Text.Replace("y * 2", "y * 20000", StringComparison.Ordinal);

        for (int seed = 0; seed < 50; seed++)
        {
            var sample = new MutantSample(2, seed);
            Assert.Equal(Drawn(sample, Text), Drawn(sample, edited).Select(member => member.Replace("20000", "2", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Share_IsWhatItSays_AndAnotherSeedDrawsOthers()
    {
        string many = string.Concat(Enumerable.Range(0, 4000).Select(index => $"    private int M{index}() => {index};\n\n"));

        int first = Drawn(new MutantSample(8, 1), many).Length;

        Assert.InRange(first, 400, 600);
        Assert.NotEqual(Drawn(new MutantSample(8, 1), many), Drawn(new MutantSample(8, 2), many));
        Assert.Equal(Drawn(new MutantSample(8, 1), many), Drawn(new MutantSample(8, 1), many));
    }

    [Fact]
    public void File_OfWhichNothingIsDrawn_HasNoPattern() => Assert.Null(new MutantSample(int.MaxValue, 1).Pattern("B.cs", Text));

    private static string[] Drawn(MutantSample sample, string text) =>
        [.. (sample.Pattern("B.cs", text) ?? "").Split('{').Skip(1).Select(span => text[Parse(span)])];

    private static Range Parse(string span)
    {
        string[] ends = span.TrimEnd('}').Split("..");
        return int.Parse(ends[0])..int.Parse(ends[1]);
    }
}
