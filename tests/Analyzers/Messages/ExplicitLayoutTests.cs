using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0503.</summary>
public sealed class ExplicitLayoutTests : RuleTests<ExplicitLayoutAnalyzer>
{
    [Theory]
    [InlineData("[Message] struct {|ATL0503:S|} { public ulong A; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Sequential, Size = 64)] struct {|ATL0503:S|} { public ulong A; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Auto)] struct {|ATL0503:S|} { public ulong A; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct {|ATL0503:S|} { [FieldOffset(0)] public Row R; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(8)] public Row {|ATL0503:R|}; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public Row R; [FieldOffset(56)] public ulong A; [FieldOffset(60)] public uint {|ATL0503:B|}; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public Row R; [FieldOffset(56)] public byte A; [FieldOffset(58)] public ushort {|ATL0503:B|}; [FieldOffset(60)] public uint C; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public uint A; [FieldOffset(4)] public Row {|ATL0503:R|}; [FieldOffset(60)] public uint B; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public Row R; [FieldOffset(56)] public ulong A; [FieldOffset(0)] public ulong {|ATL0503:B|}; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public Row R; [FieldOffset(56)] public ulong A; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(56)] public ulong A; [FieldOffset(0)] public Row R; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public Row R; [FieldOffset(56)] public uint A; [FieldOffset(60)] public ushort B; [FieldOffset(62)] public byte C; [FieldOffset(63)] public byte D; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public Row R; [FieldOffset(0)] [Overlay] public ulong First; [FieldOffset(56)] public ulong A; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public fixed ulong A[8]; }")]
    [InlineData("[StructLayout(LayoutKind.Sequential)] struct Plain { public byte A; public ulong B; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
