using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Progress;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0102: PAUSE between two looks.</summary>
public sealed class InsertPauseFixTests : CodeFixTests<BoundedWaitAnalyzer, InsertPauseFix>
{
    [Fact]
    public Task Block_GetsPauseAtItsEnd() =>
        FixesAsync(
            """
            static class C
            {
                static bool Wait(ref uint word)
                {
                    for (int look = 0; look < 1000; look++)
                    {
                        if (Volatile.Read(ref word) != 0)
                        {
                            return true;
                        }
                    }

                    return false;
                }
            }
            """,
            """
            static class C
            {
                static bool Wait(ref uint word)
                {
                    for (int look = 0; look < 1000; look++)
                    {
                        if (Volatile.Read(ref word) != 0)
                        {
                            return true;
                        }

                        System.Runtime.Intrinsics.X86.X86Base.Pause();
                    }

                    return false;
                }
            }
            """);

    [Fact]
    public Task OtherBodies_BecomeBlocks() =>
        FixesAsync(
            """
            using System.Runtime.Intrinsics.X86;

            static class C
            {
                static void Empty(ref uint word, int left)
                {
                    while (Volatile.Read(ref word) == 0 && left-- > 0) ;
                }

                static uint Single(ref uint word, int left)
                {
                    uint seen;
                    do
                        seen = Volatile.Read(ref word);
                    while (seen == 0 && left-- > 0);
                    return seen;
                }
            }
            """,
            """
            using System.Runtime.Intrinsics.X86;

            static class C
            {
                static void Empty(ref uint word, int left)
                {
                    while (Volatile.Read(ref word) == 0 && left-- > 0)
                    {
                        X86Base.Pause();
                    }
                }

                static uint Single(ref uint word, int left)
                {
                    uint seen;
                    do
                    {
                        seen = Volatile.Read(ref word);
                        X86Base.Pause();
                    }
                    while (seen == 0 && left-- > 0);
                    return seen;
                }
            }
            """);

    [Fact]
    public Task OfTheKernel_ItIsThatOfArch() =>
        FixesAsync(
            """
            using Atoll.Arch;

            static class C
            {
                static void Wait(ref uint word, int left)
                {
                    while (Volatile.Read(ref word) == 0 && left-- > 0)
                    {
                    }
                }
            }

            namespace Atoll.Arch
            {
                static class Cpu
                {
                    public static void Pause()
                    {
                    }
                }
            }
            """,
            """
            using Atoll.Arch;

            static class C
            {
                static void Wait(ref uint word, int left)
                {
                    while (Volatile.Read(ref word) == 0 && left-- > 0)
                    {
                        Cpu.Pause();
                    }
                }
            }

            namespace Atoll.Arch
            {
                static class Cpu
                {
                    public static void Pause()
                    {
                    }
                }
            }
            """);

    [Fact]
    public Task NotOffered_WhereATurnHasAShortCut() =>
        IsNotOfferedAsync(
            """
            static class C
            {
                static bool Wait(ref uint word)
                {
                    for (int look = 0; look < 1000; look++)
                    {
                        if (Volatile.Read(ref word) == 0)
                        {
                            continue;
                        }

                        return true;
                    }

                    return false;
                }
            }
            """);

    [Fact]
    public Task NotOffered_WhereOnlyTheBoundIsMissing() =>
        IsNotOfferedAsync(
            """
            static class C
            {
                static void Wait(ref uint word)
                {
                    while (Volatile.Read(ref word) == 0)
                    {
                        System.Runtime.Intrinsics.X86.X86Base.Pause();
                    }
                }
            }
            """);
}
