using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Memory;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0008.</summary>
public sealed class RemoveFinalizerFixTests : CodeFixTests<NoFinalizerAnalyzer, RemoveFinalizerFix>
{
    [Fact]
    public Task RemovesEach() => FixesAsync(
        """
        class A
        {
            int _x;

            ~A() => _x = 1;
        }

        class B
        {
            ~B()
            {
            }

            void Dispose()
            {
            }
        }
        """,
        """
        class A
        {
            int _x;
        }

        class B
        {

            void Dispose()
            {
            }
        }
        """);
}
