using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Results;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0802.</summary>
public sealed class CheckFirstFixTests : CodeFixTests<CheckBeforeValueAnalyzer, CheckFirstFix>
{
    private const string Declarations =
        """
        [MustUse] enum R { Taken, Empty }

        [MustUse]
        readonly struct Reply
        {
            public bool IsOk => true;
            public int Value => 1;
            public R Error => R.Empty;
        }

        """;

    [Fact]
    public Task ChecksBeforeTheFirstRead() => FixesAsync(
        Declarations +
        """
        static class C
        {
            static Reply Ask() => default;
            static R Take(out int frame) { frame = 1; return R.Taken; }
            static void Use(int value) { }

            static Reply Twice(Reply reply)
            {
                Use(0);

                // Both at once.
                Use(reply.Value + reply.Value);
                Use(reply.Value);
                reply = Ask();
                int last = reply.Value;
                return reply;
            }

            static R Some(Reply reply, bool isWanted)
            {
                if (isWanted)
                {
                    Use(reply.Value);
                }

                return R.Taken;
            }

            static R Frames(ref int sum)
            {
                R result = Take(out int frame);
                sum += frame;
                result = Take(out frame);
                Use(frame);
                return R.Taken;
            }
        }
        """,
        Declarations +
        """
        static class C
        {
            static Reply Ask() => default;
            static R Take(out int frame) { frame = 1; return R.Taken; }
            static void Use(int value) { }

            static Reply Twice(Reply reply)
            {
                Use(0);

                // Both at once.
                if (!reply.IsOk)
                {
                    return reply;
                }
                Use(reply.Value + reply.Value);
                Use(reply.Value);
                reply = Ask();
                if (!reply.IsOk)
                {
                    return reply;
                }
                int last = reply.Value;
                return reply;
            }

            static R Some(Reply reply, bool isWanted)
            {
                if (isWanted)
                {
                    if (!reply.IsOk)
                    {
                        return reply.Error;
                    }
                    Use(reply.Value);
                }

                return R.Taken;
            }

            static R Frames(ref int sum)
            {
                R result = Take(out int frame);
                if (result != R.Taken)
                {
                    return result;
                }
                sum += frame;
                result = Take(out frame);
                if (result != R.Taken)
                {
                    return result;
                }
                Use(frame);
                return R.Taken;
            }
        }
        """);

    [Theory]
    // Nobody to return it to.
    [InlineData("static int M(Reply r) { return r.Value; }")]
    [InlineData("static void M(Reply r) { int n = r.Value; }")]
    [InlineData("static int M() { R t = Take(out int f); int g = f; return t == R.Taken ? g : 0; }")]
    [InlineData("static R M(bool b, R t) { t = Take(out int f); int g = f; return t; }")]
    // The variable before it has another story.
    [InlineData("static bool M() { R t = Take(out int f); bool b = f > 1; Use(f); return true; }")]
    // No place for a statement, or not one that comes once before the read.
    [InlineData("static Reply M(Reply r) => r.Value == 1 ? r : default;")]
    [InlineData("static Reply M(Reply r, bool b) { if (b) r = r.Value == 1 ? r : default; return r; }")]
    [InlineData("static Reply M(Reply r) { while (r.Value == 1) { r = Ask(); } return r; }")]
    [InlineData("static Reply M(Reply r) { Use((r = Ask()).IsOk ? 0 : r.Value); return r; }")]
    [InlineData("static Reply M(Reply r) { Use(Ask().Value); return r; }")]
    // A bad one was let pass on some path, or after something was done.
    [InlineData("static Reply M(Reply r, bool b) { Use(b ? r.Value : 0); return r; }")]
    [InlineData("static Reply M(Reply r) { Use(Ask().IsOk ? 1 : 0, r.Value); return r; }")]
    // The first read does something else for a bad one.
    [InlineData("static Reply M(Reply r) { if (r.IsOk) { Use(r.Value); } else { Use(0); } Use(r.Value); return r; }")]
    [InlineData("static Reply M(Reply r, out int n) { Use(r.Value); n = 1; return r; }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        Declarations + "static class C { static Reply Ask() => default; static void Use(int value) { } static void Use(int one, int two) { } "
        + "static R Take(out int frame) { frame = 1; return R.Taken; } " + member + " }");
}
