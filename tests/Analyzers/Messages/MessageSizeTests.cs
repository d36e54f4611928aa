using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Messages;

/// <summary>ATL0502.</summary>
public sealed class MessageSizeTests : RuleTests<MessageSizeAnalyzer>
{
    [Theory]
    [InlineData("[Message] struct {|ATL0502:S|} { public ulong A; }")]
    [InlineData("[Message] struct {|ATL0502:S|};")]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit, Size = 56)] struct {|ATL0502:S|} { [FieldOffset(0)] public ulong A; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit, Size = 96)] struct {|ATL0502:S|} { [FieldOffset(0)] public ulong A; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct {|ATL0502:S|} { [FieldOffset(60)] public ulong A; }")]
    [InlineData("[InlineArray(9)] struct Row { private ulong _w; } [Message] struct {|ATL0502:S|} { public Row R; }")]
    [InlineData("[InlineArray(8)] struct Row { private ulong _w; } [Message] struct {|ATL0502:S|} { public Row R; public byte B; }")]
    [InlineData("[Message] struct {|ATL0502:S|} { public fixed byte B[65]; }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public ulong A; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit, Size = 128)] struct S { [FieldOffset(0)] public ulong A; }")]
    [InlineData("[InlineArray(8)] struct Row { private ulong _w; } [Message] struct S { public Row R; }")]
    [InlineData("[InlineArray(7)] struct Row { private ulong _w; } [Message] struct S { public Row R; public uint A; public byte B; }")]
    [InlineData("[Message] [StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public ulong A; [FieldOffset(56)] public ulong B; }")]
    [InlineData("[Message] struct S { public fixed uint B[16]; }")]
    [InlineData("struct Plain { public int X; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);
}
