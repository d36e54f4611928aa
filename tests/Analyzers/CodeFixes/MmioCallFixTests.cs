using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.CodeFixes;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0704.</summary>
public sealed class MmioCallFixTests : CodeFixTests<NoPlainMmioAnalyzer, MmioCallFix>
{
    private const string Mmio =
        """
        namespace Atoll.Arch
        {
            static class Mmio
            {
                public static uint Read32(ulong address) => 0;
                public static void Write32(ulong address, uint value) { }
            }
        }

        """;

    private const string Device = "[Mmio] struct D { public uint R; public ushort Half; public E Inner; } struct E { public uint R; }\n";

    [Fact]
    public Task CallsMmio() => FixesAsync(
        Mmio + Device +
        """
        namespace Atoll.Ipc
        {
            static unsafe class C
            {
                static uint Read(D* d) => d->R + 1;
                static bool IsOn(D* d) => (Volatile.Read(in d->R) & 1) != 0;
                static uint ReadInner(D* d) => (uint)(*d).Inner.R;
                static uint ReadNext(D** d) => F((*d)->R);
                static uint F(uint value) => value;

                static void Write(D* d, uint value)
                {
                    // Why.
                    d->R = value + 1;
                    Volatile.Write(ref d->Inner.R, 7);
                }
            }
        }
        """,
        Mmio + Device +
        """
        namespace Atoll.Ipc
        {
            static unsafe class C
            {
                static uint Read(D* d) => Arch.Mmio.Read32((ulong)&d->R) + 1;
                static bool IsOn(D* d) => (Arch.Mmio.Read32((ulong)&d->R) & 1) != 0;
                static uint ReadInner(D* d) => (uint)Arch.Mmio.Read32((ulong)&(*d).Inner.R);
                static uint ReadNext(D** d) => F(Arch.Mmio.Read32((ulong)&(*d)->R));
                static uint F(uint value) => value;

                static void Write(D* d, uint value)
                {
                    // Why.
                    Arch.Mmio.Write32((ulong)&d->R, value + 1);
                    Arch.Mmio.Write32((ulong)&d->Inner.R, 7);
                }
            }
        }
        """);

    [Theory]
    // Reads and writes.
    [InlineData("static unsafe class C { static void M(D* d) => d->R |= 1; }")]
    [InlineData("static unsafe class C { static uint M(D* d) => d->R++; }")]
    // Not 32 bits.
    [InlineData("static unsafe class C { static int M(D* d) => d->Half; }")]
    // All registers at once, or a reference to one.
    [InlineData("static unsafe class C { static void M(D* d) => *d = default; }")]
    [InlineData("static unsafe class C { static ref uint M(D* d) => ref d->R; }")]
    [InlineData("static unsafe class C { static void F(ref uint r) { } static void M(D* d) => F(ref d->R); }")]
    // Its address cannot be taken as it is.
    [InlineData("static class C { static uint M(ref D d) => d.R; }")]
    // The value of the assignment is used.
    [InlineData("static unsafe class C { static uint M(D* d) => d->R = 1; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(Mmio + Device + text);

    [Fact]
    public Task IsNotOffered_WithoutMmio() =>
        IsNotOfferedAsync(Device + "static unsafe class C { static uint M(D* d) => d->R; }");
}
