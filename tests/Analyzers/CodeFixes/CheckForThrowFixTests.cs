using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Exceptions;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0201.</summary>
public sealed class CheckForThrowFixTests : CodeFixTests<NoThrowAnalyzer, CheckForThrowFix>
{
    private const string Check = "namespace Atoll.Base { static class Check { public static void That(bool condition) { } } }\n";

    [Fact]
    public Task Checks() => FixesAsync(
        Check +
        """
        namespace Atoll.Ipc
        {
            static class C
            {
                static int M(int x, bool b, double d)
                {
                    // Why.
                    if (x < 0)
                    {
                        throw new ArgumentOutOfRangeException(nameof(x));
                    }

                    if (x == 7) throw new Exception();
                    if (!b) throw new Exception();
                    if (b && x > 1) throw new Exception();
                    if (d < 1) throw new Exception();
                    if (Is(x)) throw new Exception();
                    return x;
                }

                static bool Is(int x) => x is 1 or 2;

                static void N(int x)
                {
                    switch (x)
                    {
                        case 1:
                            break;
                        default:
                        {
                            throw new Exception();
                        }
                    }
                }

                static void O() { throw new Exception(); }
            }
        }
        """,
        Check +
        """
        namespace Atoll.Ipc
        {
            static class C
            {
                static int M(int x, bool b, double d)
                {
                    // Why.
                    Base.Check.That(x >= 0);

                    Base.Check.That(x != 7);
                    Base.Check.That(b);
                    Base.Check.That(!(b && x > 1));
                    Base.Check.That(!(d < 1));
                    Base.Check.That(!Is(x));
                    return x;
                }

                static bool Is(int x) => x is 1 or 2;

                static void N(int x)
                {
                    switch (x)
                    {
                        case 1:
                            break;
                        default:
                        {
                            throw new Exception();
                        }
                    }
                }

                static void O() { Base.Check.That(false); }
            }
        }
        """);

    [Theory]
    // What follows would be reached: only a human knows what it should be.
    [InlineData("static class C { static int M() { throw new Exception(); } }")]
    [InlineData("static class C { static int M(int x) { if (x < 1) return 1; else throw new Exception(); } }")]
    [InlineData("static class C { static void M(int x) { switch (x) { default: throw new Exception(); } } }")]
    [InlineData("static class C { static int M(object o) { if (o is not int i) throw new Exception(); return i; } }")]
    // Not a statement.
    [InlineData("static class C { static int M(int x) => x > 0 ? 1 : throw new Exception(); }")]
    [InlineData("static class C { static void M() => throw new Exception(); }")]
    [InlineData("#pragma warning disable CS8509\nstatic class C { static int M(int x) => x switch { 1 => 2 }; }")]
    // Something catches it.
    [InlineData("static class C { static void M() { try { throw new Exception(); } catch { } } }")]
    [InlineData("static class C { static void M() { try { } catch { throw; } } }")]
    // A check would break the promise.
    [InlineData("static class C { [NoPanic] static void M(int x) { if (x < 1) throw new Exception(); } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(Check + text);

    [Fact]
    public Task IsNotOffered_WithoutCheck() =>
        IsNotOfferedAsync("static class C { static void M(int x) { if (x < 1) throw new Exception(); } }");
}
