using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Memory;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0003.</summary>
public sealed class AvoidBoxFixTests : CodeFixTests<NoBoxingAnalyzer, AvoidBoxFix>
{
    [Fact]
    public Task PassesTheStruct() => FixesAsync(
        """
        interface IPolicy { int Next(); }
        struct First : IPolicy { public int Next() => 1; }
        struct Second : IPolicy { public int Next() => 2; }

        static class C
        {
            static int M(First first) => Pick(first) + Pick(new Second()) + Pick(default(First));

            static int Pick(IPolicy policy) => policy.Next();
        }
        """,
        """
        interface IPolicy { int Next(); }
        struct First : IPolicy { public int Next() => 1; }
        struct Second : IPolicy { public int Next() => 2; }

        static class C
        {
            static int M(First first) => Pick(first) + Pick(new Second()) + Pick(default(First));

            static int Pick<TPolicy>(TPolicy policy) where TPolicy : struct, IPolicy => policy.Next();
        }
        """);

    [Fact]
    public Task TestsTheFlag() => FixesAsync(
        """
        [Flags] enum Rights { None, Read, Write }

        static class C
        {
            static bool M(Rights rights) => rights.HasFlag(Rights.Read) && !rights.HasFlag(Rights.Read | Rights.Write);

            static bool N(Rights rights, Rights flag) => rights.HasFlag(flag);
        }
        """,
        """
        [Flags] enum Rights { None, Read, Write }

        static class C
        {
            static bool M(Rights rights) => ((rights & Rights.Read) == Rights.Read) && !((rights & (Rights.Read | Rights.Write)) == (Rights.Read | Rights.Write));

            static bool N(Rights rights, Rights flag) => ((rights & flag) == flag);
        }
        """);

    [Theory]
    // The flag would be computed twice, or is of another enum.
    [InlineData("enum E { A } static class C { static E F() => 0; static bool M(E e) => e.HasFlag(F()); }")]
    [InlineData("enum E { A } enum F { A } static class C { static bool M(E e) => e.HasFlag(F.A); }")]
    // Nobody knows what else it would be.
    [InlineData("static class C { static object M(int x) => x; }")]
    [InlineData("static class C { static bool M<T>(T t) => t is int; }")]
    [InlineData("static class C { static void F(object o) { } static void M() => F(1); }")]
    [InlineData("struct S { } static class C { static string? M(S s) => s.ToString(); }")]
    // Others can call it.
    [InlineData("interface I { void F(); } struct S : I { public void F() { } } static class C { internal static void F(I i) => i.F(); static void M(S s) => F(s); }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
