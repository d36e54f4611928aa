using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0704.</summary>
public sealed class NoPlainMmioTests : RuleTests<NoPlainMmioAnalyzer>
{
    private const string Declarations =
        """
        struct Lane { public uint Low, High; }
        [Mmio] struct Device { public uint Control; public uint Status; public Lane Lane; }
        struct Driver { public Device* Registers; public uint Status; }
        static uint Load(uint* register) => 0;

        """;

    [Theory]
    [InlineData("static uint M(Device* d) => {|ATL0704:d->Status|};")]
    [InlineData("static void M(Device* d) => {|ATL0704:d->Control|} = 1;")]
    [InlineData("static void M(Device* d) => {|ATL0704:d->Control|} |= 1;")]
    [InlineData("static uint M(Device* d) => Volatile.Read(ref {|ATL0704:d->Status|});")]
    [InlineData("static uint M(Device* d) => {|ATL0704:d->Lane.High|};")]
    [InlineData("static uint M(ref Device d) => {|ATL0704:d.Status|};")]
    [InlineData("static uint M(Driver* d) => {|ATL0704:d->Registers->Status|};")]
    [InlineData("static ref uint M(Device* d) => ref {|ATL0704:d->Status|};")]
    [InlineData("static void M(Device* d) { Device {|ATL0704:copy|} = *d; Load(&copy.Status); }")]
    [InlineData("static void M(Device* d) => {|ATL0704:*d|} = default;")]
    [InlineData("static void F(Device {|ATL0704:d|}) { }")]
    [InlineData("[Mmio] struct Timer { uint _count; uint Count => {|ATL0704:_count|}; }")]
    [InlineData("[Trusted(Safety = \"One load.\")] static uint M(Device* d) => {|ATL0704:d->Status|};")]
    public Task Reports(string members) => ReportsAsync(Declarations + members);

    [Theory]
    [InlineData("static uint M(Device* d) => Load(&d->Status);")]
    [InlineData("static uint M(Device* d) => Load(&d->Lane.High);")]
    [InlineData("static uint* M(Device* d) => &d->Control;")]
    [InlineData("static ulong M(Device* d) => (ulong)&d->Control;")]
    [InlineData("static uint M(Driver* d) => d->Status;")]
    [InlineData("static string M() => nameof(Device.Status);")]
    [InlineData("static Device* M(Device* d) { Device* next = d + 1; return next; }")]
    [InlineData("static int M() => sizeof(Device);")]
    public Task IsSilent(string members) => IsSilentAsync(Declarations + members);
}
