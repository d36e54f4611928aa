using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Load;

/// <summary>C# that the Roslyn of the other tests does not know yet, in the SDK's own compiler.</summary>
public sealed class NewestLanguageTests
{
    /// <summary>Operators that are members change the variable where it is; one that is static copies it out and back.</summary>
    [Fact]
    public void InstanceOperators() => Verify(
        """
        [NonCopyable] struct Count
        {
            private ulong _value;
            public void operator +=(int by) => _value += (ulong)by;
            public void operator ++() => _value++;
        }

        [NonCopyable] struct Sum { public static Sum operator +(Sum a, int b) => default; }

        static class P
        {
            static void Add(ref Count count) { count += 2; count++; ++count; }
            static void Take(Count count) { }
            static void Hand(Count count) => Take({|ATL0401:count += 2|});
            static void Static(ref Sum sum) { {|ATL0401:{|ATL0401:sum|} += 2|}; }
        }
        """);

    /// <summary>A member of an extension block gets its receiver as the block says: by value it is a move.</summary>
    [Fact]
    public void ExtensionMembers() => Verify(
        """
        [Linear] struct Token
        {
            private ulong _bits;
            public static Token Mint() => new Token { _bits = 1 };
            [Consumes] public void End() => _bits = 0;
            public readonly ulong Bits => _bits;
        }

        static class Extensions
        {
            extension(Token eaten) { public void Eat() => eaten.End(); }
            extension(Token {|ATL0404:lost|}) { public ulong Look => lost.Bits; }
            extension(in Token seen) { public ulong See => seen.Bits; }
        }

        static class P
        {
            static void Twice(Token token) { token.Eat(); {|ATL0403:token|}.End(); }
            static void Out(ref Token token) => {|ATL0401:token|}.Eat();
            static void Once(Token token) => token.Eat();
            static ulong Lent(in Token token) => token.See;
        }
        """);

    private static void Verify(string source) =>
        Assert.Equal(SdkReports.Expected(source), SdkReports.Of(source, TestPlatform.DotNet));
}
