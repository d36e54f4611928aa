using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>No rule says anything about an assembly that has not opted in.</summary>
public sealed class ProfileTests
{
    private const string EverythingWrong =
        """
        using System.Diagnostics.CodeAnalysis;
        static unsafe class C
        {
        #pragma warning disable
            static object s_x = "a";
            [ThreadStatic] static int t_x;
            static C() => s_x = new int[3];
            [SuppressMessage("a", "ATL0001")]
            static int F(int n) { lock (s_x) { return F(n - 1); } }
            static void A() { try { B(); } catch { throw; } }
            static void B() { Action a = A; a(); }
            [DllImport("c")] static extern int getpid();
        }
        """;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 12)]
    public async Task Rules_AreSilentWithoutProfile(bool hasProfile, int idsMin)
    {
        Compilation compilation =
            TestPlatform.DotNet.Compile([CSharpSource.Parse(EverythingWrong)], hasProfile: hasProfile);

        IEnumerable<string> ids = (await RuleVerifier.RunAsync(RuleVerifier.AllRules, compilation, isConcurrent: true))
            .Select(diagnostic => diagnostic.Id).Distinct();

        Assert.True(hasProfile ? ids.Count() >= idsMin : !ids.Any(), string.Join(' ', ids));
    }
}
