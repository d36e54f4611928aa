using Atoll.Analyzers.Memory;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Memory;

/// <summary>ATL0002.</summary>
public sealed class NoArrayTests : RuleTests<NoArrayAnalyzer>
{
    [Theory]
    [InlineData("static int[] M() => {|ATL0002:new int[4]|};")]
    [InlineData("static void M() { int[] a = {|ATL0002:{ 1, 2 }|}; }")]
    [InlineData("static void M() { var a = {|ATL0002:new[] { 1, 2 }|}; }")]
    [InlineData("static void M() { int[] a = {|ATL0002:[1, 2]|}; }")]
    [InlineData("static void F(params int[] a) { } static void M() { {|ATL0002:F(1, 2)|}; }")]
    [InlineData("static void F(params int[] a) { } static void M() { {|ATL0002:F()|}; }")]
    [InlineData("static void M() { var a = {|ATL0002:new int[2, 2]|}; }")]
    [InlineData("static void M() { var a = {|ATL0002:new int[2][]|}; }")]
    // Constant, but then it can be written through the variable.
    [InlineData("static byte[] M() => {|ATL0002:new byte[] { 1, 2 }|};")]
    // Not constant, so csc makes an array behind the span.
    [InlineData("static ReadOnlySpan<int> M(int x) => {|ATL0002:new int[] { 1, x }|};")]
    [InlineData("static ReadOnlySpan<Guid> M() => {|ATL0002:new Guid[] { default }|};")]
    // A writable span of constants is a copy of them.
    [InlineData("static Span<int> M() => {|ATL0002:new int[] { 1, 2 }|};")]
    [InlineData("static ReadOnlySpan<int> M() => {|ATL0002:new int[2]|};")]
    [InlineData("static void M(ReadOnlySpan<int> s) { ReadOnlySpan<int> r = {|ATL0002:[1, .. s]|}; }")]
    [InlineData("static readonly int[] s_table = {|ATL0002:{ 1 }|};")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static ReadOnlySpan<byte> Data => new byte[] { 1, 2, 3 };")]
    [InlineData("static ReadOnlySpan<int> Data => new int[] { 1, 2, 3 };")]
    [InlineData("static ReadOnlySpan<int> Data => new[] { 1, 2, 3 };")]
    [InlineData("static ReadOnlySpan<int> Data => [1, 2, 3];")]
    [InlineData("static ReadOnlySpan<int> M() => new ReadOnlySpan<int>(new int[] { 1, 2 });")]
    [InlineData("static ReadOnlySpan<DayOfWeek> M() => new DayOfWeek[] { DayOfWeek.Friday };")]
    [InlineData("static ReadOnlySpan<byte> M() => \"text\"u8;")]
    [InlineData("static ReadOnlySpan<int> M() => new int[0];")]
    [InlineData("static ReadOnlySpan<int> M() => [];")]
    // Four words on the stack: csc makes an inline array.
    [InlineData("static void F(params ReadOnlySpan<int> a) { } static void M(int x) { F(1, x); }")]
    [InlineData("static void M(int x) { Span<int> s = [1, x]; }")]
    [InlineData("static void M() { Span<int> s = stackalloc int[4]; }")]
    [InlineData("static void F(params int[] a) { } static void M(int[] a) { F(a); }")]
    [InlineData("[InlineArray(4)] struct Four { int _first; } static int M(Four f) => f[2];")]
    [InlineData("sealed class TagsAttribute(params int[] tags) : Attribute { public int[] Tags => tags; } [Tags(1, 2)] static void M() { } [Tags(new[] { 1 })] static void N() { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    [Theory]
    [InlineData("static ReadOnlySpan<byte> M(byte x) => {|ATL0002:new byte[] { 1, x }|};")]
    public Task ReportsInKernel(string members) => KernelReportsAsync(members);

    [Theory]
    [InlineData("static ReadOnlySpan<byte> Data => new byte[] { 1, 2, 3 };")]
    [InlineData("static ReadOnlySpan<ushort> Data => new ushort[] { 1, 2, 3 };")]
    public Task IsSilentInKernel(string members) => KernelIsSilentAsync(members);

    // Without CreateSpan csc copies the data of wider elements to an array, made once and kept.
    [Fact]
    public Task ReportsWideData_WithoutCreateSpan() => ReportsFileAsync(
        """
        namespace Atoll { class KernelProfileAttribute : System.Attribute; }
        namespace System
        {
            public class Object; public class String; public abstract class ValueType; public struct Int32; public struct Void;
            public struct Byte; public struct UInt16; public abstract class Array; public abstract class Attribute;
            public struct Boolean; public abstract class Enum; public enum AttributeTargets; public struct IntPtr;
            public struct RuntimeFieldHandle;
            public ref struct ReadOnlySpan<T>
            {
                public unsafe ReadOnlySpan(void* pointer, int length) { }
                public static implicit operator ReadOnlySpan<T>(T[] array) => default;
            }

            static class Tables
            {
                static ReadOnlySpan<byte> Narrow => new byte[] { 1, 2 };
                static ReadOnlySpan<ushort> Wide => {|ATL0002:new ushort[] { 1, 2 }|};
            }
        }
        namespace System.Runtime { }
        namespace System.Runtime.InteropServices { }
        namespace System.Threading { }
        namespace System.Runtime.CompilerServices { class IsByRefLikeAttribute : Attribute; class IsUnmanagedAttribute : Attribute; }
        """,
        TestPlatform.Bare);
}
