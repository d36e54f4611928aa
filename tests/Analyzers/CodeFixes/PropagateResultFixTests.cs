using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Results;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0801.</summary>
public sealed class PropagateResultFixTests : CodeFixTests<UseResultAnalyzer, PropagateResultFix>
{
    [Fact]
    public Task ReturnsWhatIsNotGood() => FixesAsync(
        """
        [MustUse] enum R { Sent, Full, Dead }
        [MustUse] readonly struct Reply { public bool IsOk => true; }

        static class C
        {
            static R Send(int n) => R.Full;
            static Reply Ask() => default;
            [MustUse] static bool TryTake(out int frame) { frame = 1; return true; }

            static R SendAll(int n)
            {
                // First the head.
                Send(0);
                _ = Send(1); // Then the tail.
                if (n > 2)
                {
                    R result = Send(n);
                }

                return R.Sent;
            }

            static Reply AskTwice()
            {
                Ask();
                Reply last = Ask();
                return new Reply();
            }

            [MustUse]
            static bool TryBoth(out int second)
            {
                second = 0;
                TryTake(out int first);
                return true;
            }
        }
        """,
        """
        [MustUse] enum R { Sent, Full, Dead }
        [MustUse] readonly struct Reply { public bool IsOk => true; }

        static class C
        {
            static R Send(int n) => R.Full;
            static Reply Ask() => default;
            [MustUse] static bool TryTake(out int frame) { frame = 1; return true; }

            static R SendAll(int n)
            {
                // First the head.
                if (Send(0) is not R.Sent and var sendFailure)
                {
                    return sendFailure;
                }
                if (Send(1) is not R.Sent and var sendFailure2)
                {
                    return sendFailure2;
                } // Then the tail.
                if (n > 2)
                {
                    R result = Send(n);
                    if (result != R.Sent)
                    {
                        return result;
                    }
                }

                return R.Sent;
            }

            static Reply AskTwice()
            {
                if (Ask() is { IsOk: false } askFailure)
                {
                    return askFailure;
                }
                Reply last = Ask();
                if (!last.IsOk)
                {
                    return last;
                }
                return new Reply();
            }

            [MustUse]
            static bool TryBoth(out int second)
            {
                second = 0;
                if (!TryTake(out int first))
                {
                    return false;
                }
                return true;
            }
        }
        """);

    [Theory]
    [InlineData("static void M() { Send(); }")]
    [InlineData("static Other M() { Send(); return Other.Yes; }")]
    // Which value is good nobody has said, or another one is.
    [InlineData("static R M(R r) { Send(); return r; }")]
    [InlineData("static R M() { Send(); return R.Full; }")]
    [InlineData("static R M(bool b) { if (b) Send(); else Send(); return R.Sent; }")]
    [InlineData("static R M(out int n) { Send(); n = 1; return R.Sent; }")]
    [InlineData("static R M(R sendFailure) { Send(); return R.Sent; }")]
    [InlineData("static R M() { Get(out R r); return R.Sent; }")]
    [InlineData("static R M() { Get(out _); return R.Sent; }")]
    [InlineData("static R M() { System.Action a = () => { Send(); }; return R.Sent; }")]
    [InlineData("static R M() { try { } finally { Send(); } return R.Sent; }")]
    [InlineData("static async System.Threading.Tasks.Task<R> M() { await System.Threading.Tasks.Task.Yield(); Send(); return R.Sent; }")]
    [InlineData("[MustUse] static bool Is() => true; static bool M() { Is(); return false; }")]
    public Task IsNotOffered(string member) => IsNotOfferedAsync(
        "[MustUse] enum R { Sent, Full } [MustUse] enum Other { Yes } static class C { static R Send() => R.Full; "
        + "static void Get(out R r) => r = R.Full; " + member + " }");
}
