using Atoll.Contracts.Tests.Harness;

namespace Atoll.Contracts.Tests.Library;

/// <summary>What hot paths are made of is on the shipped list: a method that uses it is clean without a word from its author.</summary>
public sealed class FamilyTests
{
    [Theory]
    [InlineData("Span", "void M(Span<int> s) { s[1..].CopyTo(s); s.Fill(3); s.Clear(); foreach (int i in s) { _n += i; } }")]
    [InlineData("ReadOnlySpan", "int M(ReadOnlySpan<char> s) => s.IndexOf('x') + s.Slice(1).Length;")]
    [InlineData("MemoryMarshal", "int M(Span<byte> s) => MemoryMarshal.Cast<byte, int>(s).Length + MemoryMarshal.Read<int>(s);")]
    [InlineData("Unsafe", "int M(ref byte b) => Unsafe.As<byte, int>(ref b) + Unsafe.SizeOf<long>() + Unsafe.Add(ref b, 1);")]
    [InlineData("Math", "double M(double x) => Math.Sqrt(x) + Math.Max(1, 2) + MathF.Abs(3f) + Math.Clamp(1, 2, 3);")]
    [InlineData("BitOperations", "int M(uint x) => BitOperations.PopCount(x) + BitOperations.LeadingZeroCount(x) + (int)BitOperations.RotateLeft(x, 3);")]
    [InlineData("Volatile", "int M() { Volatile.Write(ref _n, 3); return Volatile.Read(ref _n); }")]
    [InlineData("Interlocked", "int M() => Interlocked.Increment(ref _n) + Interlocked.CompareExchange(ref _n, 1, 0);")]
    [InlineData("BinaryPrimitives", "int M(Span<byte> s) { BinaryPrimitives.WriteInt64BigEndian(s, 3); return BinaryPrimitives.ReadInt32LittleEndian(s); }")]
    [InlineData("Utf8", "bool M(ReadOnlySpan<byte> b, Span<char> c) => System.Text.Unicode.Utf8.ToUtf16(b, c, out _, out _) == OperationStatus.Done;")]
    [InlineData("Utf8, to bytes", "bool M(ReadOnlySpan<char> c, Span<byte> b) => System.Text.Unicode.Utf8.FromUtf16(c, b, out _, out _) == OperationStatus.Done;")]
    [InlineData("spans of arrays", "int M(int[] a, byte[] b) => new ReadOnlySpan<int>(a, 1, 2).Length + new Span<byte>(b).Length + new Guid(b).Version;")]
    [InlineData("number into a span", "bool M(Span<char> c, Span<byte> b) => 3.TryFormat(c, out _) && 3L.TryFormat(b, out _) && 2.5.TryFormat(c, out _);")]
    [InlineData("Utf8Formatter", "bool M(Span<byte> b) => Utf8Formatter.TryFormat(3, b, out _) && Utf8Parser.TryParse(b, out int _, out _);")]
    [InlineData("ArrayPool", "void M() { byte[] b = ArrayPool<byte>.Shared.Rent(64); ArrayPool<byte>.Shared.Return(b); }")]
    [InlineData("Dictionary", "bool M(Dictionary<string, int> d) => d.TryGetValue(\"a\", out _n) || d.ContainsKey(\"b\") || d[\"c\"] > d.Count;")]
    [InlineData("List", "int M(List<int> l) { l[0] = 3; return l[1] + l.Count; }")]
    [InlineData("Stopwatch", "long M() => Stopwatch.GetTimestamp() + Stopwatch.GetElapsedTime(3).Ticks;")]
    public async Task Family_IsClean(string family, string member)
    {
        const string Usings = """
            using System; using System.Buffers; using System.Buffers.Binary; using System.Buffers.Text; using System.Collections.Generic; using System.Diagnostics;
            using System.Numerics; using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Threading; using Atoll;
            """;

        var found = await RuleRun.Of($"{Usings}\nclass C {{ int _n; [NoGC] {member} }}");

        Assert.True(found.IsEmpty, $"{family}: {string.Join('\n', found)}");
    }

    /// <summary>An atomic is no lock, and does not wait.</summary>
    [Fact]
    public async Task Interlocked_TakesNoLock() =>
        Assert.Empty(await RuleRun.Of("using Atoll; class C { int _n; [NoLock, NoBlock, NoRecursion] int M() => System.Threading.Interlocked.Increment(ref _n); }"));
}
