using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Boundary;

/// <summary>ATL0703.</summary>
public sealed class InteropInItsRoomTests : RuleTests<InteropInItsRoomAnalyzer>
{
    [Theory]
    [InlineData("[DllImport(\"c\")] static extern int {|ATL0703:getpid|}();")]
    [InlineData("[UnmanagedCallersOnly] static void {|ATL0703:F|}() { }")]
    [InlineData("static void M({|ATL0703:delegate* unmanaged<void>|} f) { }")]
    [InlineData("static void M({|ATL0703:delegate* unmanaged[Cdecl]<int, void>|} f) { }")]
    [InlineData("[MethodImpl(MethodImplOptions.InternalCall)] static extern void {|ATL0703:F|}();")]
    [InlineData("static void M() { [DllImport(\"c\")] static extern int {|ATL0703:getpid|}(); getpid(); }")]
    [InlineData("static void M() { {|ATL0703:delegate* unmanaged<void>|} f = null; }")]
    [InlineData("struct S { private int _x; } [UnsafeAccessor(UnsafeAccessorKind.Field, Name = \"_x\")] static extern ref int {|ATL0703:X|}(ref S s);")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void M(delegate*<void> f) => f();")]
    [InlineData("static void M(delegate* managed<void> f) => f();")]
    [InlineData("[MethodImpl(MethodImplOptions.NoInlining)] static void M() { }")]
    [InlineData("static void DllImport() { }")]
    [InlineData("sealed class DllImportAttribute(string name) : Attribute { public string Name => name; } [DllImport(\"c\")] static void M() { }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    private const string Import =
        "static unsafe class C { [RuntimeImport(\"*\", \"f\"), MethodImpl(MethodImplOptions.InternalCall)] static extern void {0}(); }";

    private const string Export = "static unsafe class C { [RuntimeExport(\"f\")] static void {0}() { } }";

    private const string Main = "static unsafe class C { [RuntimeExport(\"atoll_program_main\")] static void {0}() { } }";

    [Theory]
    [InlineData(Import, "Atoll.Ipc")]
    [InlineData(Import, "Atoll.Boot")]
    [InlineData(Import, "Atoll.Syscall")]
    [InlineData(Import, "Atoll.Arch.Extra")]
    [InlineData(Export, "Atoll.Ipc")]
    [InlineData(Export, "Atoll.Base")]
    [InlineData(Export, "Atoll.Services.Idle")]
    [InlineData(Main, "Atoll.Base")]
    [InlineData(Main, "Atoll.ServicesElsewhere")]
    [InlineData(Import, "Atoll.Services.Idle")]
    public Task ReportsOutsideItsRoom(string file, string room) =>
        ReportsFileAsync(file.Replace("{0}", "{|ATL0703:F|}"), TestPlatform.Kernel, room);

    [Theory]
    [InlineData(Import, "Atoll.Arch")]
    [InlineData(Import, "Atoll.CoreLib")]
    [InlineData(Export, "Atoll.Arch")]
    [InlineData(Export, "Atoll.Boot")]
    [InlineData(Export, "Atoll.Syscall")]
    [InlineData(Export, "Atoll.CoreLib")]
    [InlineData(Main, "Atoll.Services.Idle")]
    public Task IsSilentInItsRoom(string file, string room) =>
        IsSilentFileAsync(file.Replace("{0}", "F"), TestPlatform.Kernel, room);

    [Fact]
    public Task ReportsUnmanagedPointerInEveryRoom() =>
        ReportsFileAsync(
            "unsafe struct S { public {|ATL0703:delegate* unmanaged<void>|} F; }", TestPlatform.Kernel, "Atoll.Arch");
}
