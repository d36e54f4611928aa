using Atoll.Analyzers.Calls;
using Atoll.Analyzers.CodeFixes;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0009.</summary>
public sealed class ConstrainReceiverFixTests : CodeFixTests<NoDynamicDispatchAnalyzer, ConstrainReceiverFix>
{
    private const string Policies =
        """
        interface IPolicy
        {
            int Next();
            int Limit { get; set; }
            int this[int i] { get; }
            int Default() => 1;
        }

        struct First : IPolicy
        {
            public int Next() => 1;
            public int Limit { get; set; }
            public int this[int i] => i;
        }

        struct Second : IPolicy
        {
            int IPolicy.Next() => 2;
            int IPolicy.Limit { get; set; }
            int IPolicy.this[int i] => i;
        }

        sealed class Third : IPolicy
        {
            public int Next() => 3;
            public int Limit { get; set; }
            public int this[int i] => i;
        }


        """;

    [Fact]
    public Task Constrains() => FixesAsync(
        Policies +
        """
        static class C
        {
            static int M(First first)
            {
                int Local(IPolicy policy, int i) => policy[i];
                return Pick(1, first) + Pick(2, policy: new Second()) + Other<First>(first) + Local(first, 3);
            }

            // Why.
            private static int Pick(int times, IPolicy policy)
            {
                policy.Limit = times;
                return policy.Next() + policy.Limit;
            }

            static int Other<T>(T policy) where T : struct, IPolicy => Two(policy, policy);

            static int Two<T>(T a, IPolicy policy)
                where T : struct, IPolicy
                => a.Next() + policy.Next();
        }
        """,
        Policies +
        """
        static class C
        {
            static int M(First first)
            {
                int Local<TPolicy>(TPolicy policy, int i) where TPolicy : struct, IPolicy => policy[i];
                return Pick(1, first) + Pick(2, policy: new Second()) + Other<First>(first) + Local(first, 3);
            }

            // Why.
            private static int Pick<TPolicy>(int times, TPolicy policy) where TPolicy : struct, IPolicy
            {
                policy.Limit = times;
                return policy.Next() + policy.Limit;
            }

            static int Other<T>(T policy) where T : struct, IPolicy => Two(policy, policy);

            static int Two<T, TPolicy>(T a, TPolicy policy)
                where T : struct, IPolicy where TPolicy : struct, IPolicy
                => a.Next() + policy.Next();
        }
        """);

    [Theory]
    // Others can call it.
    [InlineData("static class C { internal static int F(IPolicy p) => p.Next(); }")]
    [InlineData("static partial class C { static int F(IPolicy p) => p.Next(); }")]
    [InlineData("static class C { static int F(IPolicy p) => p.Next(); static Func<IPolicy, int> M() => F; }")]
    // Not a struct, or not known to be one.
    [InlineData("static class C { static int F(IPolicy p) => p.Next(); static int M() => F(new Third()); }")]
    [InlineData("static class C { static int F(IPolicy p) => p.Next(); internal static int M(First f) => F((IPolicy)f); }")]
    [InlineData("static class C { static int F(IPolicy p) => p.Next(); static int M<T>(T t) where T : IPolicy => F(t); }")]
    // Used but for the members of the interface.
    [InlineData("static class C { static int F(IPolicy p) => p is First ? 1 : p.Next(); }")]
    [InlineData("static class C { static IPolicy F(IPolicy p) { p.Next(); return p; } }")]
    [InlineData("static class C { static int F(IPolicy p) { p = new First(); return p.Next(); } }")]
    [InlineData("static class C { static int F(IPolicy p) => p.Default(); }")]
    [InlineData("static class C { static string F(IPolicy p) => p.ToString()!; }")]
    // The call would mean another method, or would have to name one more type.
    [InlineData("static class C { static int F(IPolicy p) => p.Next(); static int F(First f) => 1; }")]
    [InlineData("static class C { static int F<T>(IPolicy p) => p.Next(); static int M(First f) => F<int>(f); }")]
    [InlineData("struct TP { } static class C { static int F(IPolicy p) => p.Next(); }")]
    // Not a parameter.
    [InlineData("static class C { static int F() { IPolicy p = new First(); return p.Next(); } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(Policies + text);
}
