using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Stack;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0303.</summary>
public sealed class InlineArrayFixTests : CodeFixTests<NoStackallocAnalyzer, InlineArrayFix>
{
    /// <summary>Each alone adds a struct of the same name.</summary>
    [Fact]
    public Task TwoOfOneName_AreNotBothAdded() => FixesAllButAsync(
        """
        static class C
        {
            static int First()
            {
                Span<byte> text = stackalloc byte[8];
                return text[0];
            }

            static int Second()
            {
                Span<byte> text = stackalloc byte[16];
                return text[0];
            }
        }
        """,
        left: 1);

    [Fact]
    public Task PutsAnInlineArrayUnderASpan() => FixesAsync(
        """
        static class C
        {
            private const int SizeBytes = 16;

            static int First()
            {
                // Why.
                Span<byte> text = stackalloc byte[SizeBytes];
                text[0] = 1;
                return Sum(text) + Sum(text[1..]);
            }

            static int Second(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    ReadOnlySpan<DayOfWeek> days = stackalloc DayOfWeek[2 * 4];
                    n += days.Length;
                }

                return n;
            }

            static int Sum(ReadOnlySpan<byte> text) => text[0];
        }
        """,
        """
        static class C
        {
            private const int SizeBytes = 16;

            static int First()
            {
                // Why.
                TextBuffer textBuffer = default;
                Span<byte> text = textBuffer;
                text[0] = 1;
                return Sum(text) + Sum(text[1..]);
            }

            [InlineArray(SizeBytes)]
            private struct TextBuffer
            {
                private byte _element;
            }

            static int Second(int n)
            {
                for (int i = 0; i < n; i++)
                {
                    DaysBuffer daysBuffer = default;
                    ReadOnlySpan<DayOfWeek> days = daysBuffer;
                    n += days.Length;
                }

                return n;
            }

            [InlineArray(8)]
            private struct DaysBuffer
            {
                private DayOfWeek _element;
            }

            static int Sum(ReadOnlySpan<byte> text) => text[0];
        }
        """);

    [Fact]
    public Task ListsTheElements() => FixesAsync(
        """
        static class C
        {
            static int M(int x)
            {
                Span<int> a = stackalloc[] { 1, x };
                Span<int> b = stackalloc int[] { 1, 2 };
                ReadOnlySpan<int> c = stackalloc int[2] { x, x };
                return a[0] + b[0] + c[0];
            }
        }
        """,
        """
        static class C
        {
            static int M(int x)
            {
                Span<int> a = [1, x];
                Span<int> b = [1, 2];
                ReadOnlySpan<int> c = [x, x];
                return a[0] + b[0] + c[0];
            }
        }
        """);

    [Fact]
    public Task ReplacesABuffer() => FixesAsync(
        """
        unsafe struct S
        {
            /// <summary>Why.</summary>
            private fixed byte _data[16];

            int M(S* other, int i)
            {
                _data[0] = 1;
                return this._data[i] + other->_data[1];
            }
        }
        """,
        """
        unsafe struct S
        {
            /// <summary>Why.</summary>
            private DataBuffer _data;

            [InlineArray(16)]
            private struct DataBuffer
            {
                private byte _element;
            }

            int M(S* other, int i)
            {
                _data[0] = 1;
                return this._data[i] + other->_data[1];
            }
        }
        """);

    [Theory]
    // Not a constant length, or none.
    [InlineData("static class C { static void M(int n) { Span<byte> s = stackalloc byte[n]; } }")]
    [InlineData("static class C { static void M() { Span<byte> s = stackalloc byte[0]; } }")]
    // A pointer, or not the variable's first value.
    [InlineData("static unsafe class C { static void M() { byte* p = stackalloc byte[4]; } }")]
    [InlineData("static unsafe class C { static void M() { var p = stackalloc byte[4]; } }")]
    [InlineData("static class C { static int F(Span<byte> s) => 1; static int M() => F(stackalloc byte[4]); }")]
    [InlineData("static class C { static void M(bool b) { Span<byte> s = b ? stackalloc byte[4] : default; } }")]
    // It lives longer than the block.
    [InlineData("static class C { static int F() => 1; static void M() { Span<byte> t = stackalloc byte[F()]; { Span<byte> s = stackalloc byte[4]; t = s; } } }")]
    // The struct could not name the type, or another has its name.
    [InlineData("static class C { static void M<T>() where T : unmanaged { Span<T> s = stackalloc T[4]; } }")]
    [InlineData("static class C { struct SBuffer { } static void M() { Span<byte> s = stackalloc byte[4]; } }")]
    // Others see the buffer, or its address is used.
    [InlineData("unsafe struct S { public fixed byte Data[16]; }")]
    [InlineData("unsafe struct S { fixed byte _data[16]; void M() { fixed (byte* p = _data) { } } }")]
    [InlineData("unsafe struct S { fixed byte _data[16]; byte M(long i) => _data[i]; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
