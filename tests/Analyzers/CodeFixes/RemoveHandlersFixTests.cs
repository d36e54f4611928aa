using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Exceptions;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0202.</summary>
public sealed class RemoveHandlersFixTests : CodeFixTests<NoCatchAnalyzer, RemoveHandlersFix>
{
    [Fact]
    public Task KeepsGuardedStatements() => FixesAsync(
        """
        class C
        {
            int M(int a)
            {
                // Why.
                try
                {
                    a++;
                    a += 2;
                }
                catch (System.Exception)
                {
                    a = 0;
                }
                catch
                {
                    return 1;
                }

                return a;
            }
        }
        """,
        """
        class C
        {
            int M(int a)
            {
                // Why.
                a++;
                a += 2;

                return a;
            }
        }
        """);

    [Fact]
    public Task KeepsFinally() => FixesAsync(
        """
        class C
        {
            int _x;
            void M()
            {
                try
                {
                    _x++;
                }
                catch
                {
                }
                finally
                {
                    _x--;
                }
            }
        }
        """,
        """
        class C
        {
            int _x;
            void M()
            {
                try
                {
                    _x++;
                }
                finally
                {
                    _x--;
                }
            }
        }
        """);

    [Fact]
    public Task KeepsScope() => FixesAsync(
        """
        class C
        {
            int _x;
            void M()
            {
                try
                {
                    int x = 1;
                    _x = x;
                }
                catch
                {
                }

                for (int x = 0; x < 3; x++)
                {
                }
            }
        }
        """,
        """
        class C
        {
            int _x;
            void M()
            {
                {
                    int x = 1;
                    _x = x;
                }

                for (int x = 0; x < 3; x++)
                {
                }
            }
        }
        """);

    // The last statement is reached through the handler only; without it, it would be dead.
    [Fact]
    public Task IsNotOffered_WhereTheRestWouldBeDead() => IsNotOfferedAsync(
        "class C { int M(int a) { try { return a; } catch { } return 0; } }");
}
