using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Memory;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0004.</summary>
public sealed class AvoidDelegateFixTests : CodeFixTests<NoDelegateAnalyzer, AvoidDelegateFix>
{
    [Fact]
    public Task MakesALocalFunction() => FixesAsync(
        """
        delegate bool Test(in long value, out int rest);

        static class C
        {
            static int M(int x)
            {
                // Why.
                Func<int, int> twice = static y => y * 2;
                Func<uint, int, uint> shift = (uint word, int by) => word << by;
                Action count = () => x++;
                Test test = (in long value, out int rest) =>
                {
                    rest = x;
                    return value > 1;
                };
                var one = () => 1;

                count();
                return twice(twice(x)) + (int)shift(1, 2) + one() + (test(3, out int r) ? r : 0);
            }
        }
        """,
        """
        delegate bool Test(in long value, out int rest);

        static class C
        {
            static int M(int x)
            {
                // Why.
                static int twice(int y) => y * 2;
                uint shift(uint word, int by) => word << by;
                void count() => x++;
                bool test(in long value, out int rest)
                {
                    rest = x;
                    return value > 1;
                }
                int one() => 1;

                count();
                return twice(twice(x)) + (int)shift(1, 2) + one() + (test(3, out int r) ? r : 0);
            }
        }
        """);

    [Fact]
    public Task CallsTheMethod() => FixesAsync(
        """
        static class C
        {
            static int Twice(int x) => x * 2;

            static int M(int x)
            {
                static int Local(int y) => y;

                Func<int, int> f = Twice;
                Func<int, int> g = Local;
                Func<int, int> h = D.Half;
                return f(f(x)) + g(x) + h(3);
            }
        }

        static class D
        {
            public static int Half(int x) => x / 2;
        }
        """,
        """
        static class C
        {
            static int Twice(int x) => x * 2;

            static int M(int x)
            {
                static int Local(int y) => y;

                return Twice(Twice(x)) + Local(x) + D.Half(3);
            }
        }

        static class D
        {
            public static int Half(int x) => x / 2;
        }
        """);

    [Theory]
    // It is kept, passed on, compared or changed.
    [InlineData("static class C { static Action M() { Action a = () => { }; return a; } }")]
    [InlineData("static class C { static void F(Action a) { } static void M() { Action a = () => { }; F(a); } }")]
    [InlineData("static class C { static bool M() { Action a = () => { }; return a == null; } }")]
    [InlineData("static class C { static void M() { Action a = () => { }; a = () => { }; a(); } }")]
    [InlineData("static class C { static void M() { Action? a = () => { }; a?.Invoke(); } }")]
    [InlineData("static class C { static Action s_a = () => { }; static void M() => s_a(); }")]
    [InlineData("static class C { static void Tick() { } static void Each(Action a) => a(); static void M() => Each(Tick); }")]
    // The delegate's names may stand in another order.
    [InlineData("delegate int D(int a, int b); static class C { static int M() { D d = (b, a) => b - a; return d(a: 1, b: 2); } }")]
    // Calls could mean another method, or convert otherwise.
    [InlineData("static class C { static int F(int x) => 1; static int F(byte x) => 2; static int M() { Func<int, int> f = F; return f(1); } }")]
    [InlineData("static class C { static string F() => \"\"; static void G(object o) { } static void M() { Func<object> f = F; G(f()); } }")]
    [InlineData("static class C { static int F(int x, int y = 1) => 1; static int M() { Func<int, int> f = static x => F(x); Func<int, int> g = f + f; return g(1); } }")]
    // The receiver is looked up once.
    [InlineData("struct S { public int F() => 1; } static class C { static int M(S s) { Func<int> f = s.F; s = new S(); return f(); } }")]
    // Local functions have no discards.
    [InlineData("static class C { static int M() { Func<int, int, int> f = (_, _) => 1; return f(1, 2); } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
