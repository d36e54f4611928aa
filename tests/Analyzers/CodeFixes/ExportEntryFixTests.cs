using Atoll.Analyzers.Boundary;
using Atoll.Analyzers.CodeFixes;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0703.</summary>
public sealed class ExportEntryFixTests : CodeFixTests<InteropInItsRoomAnalyzer, ExportEntryFix>
{
    private const string Attribute =
        "namespace System.Runtime { [AttributeUsage(AttributeTargets.Method)] sealed class RuntimeExportAttribute(string name) : Attribute { public string Name => name; } }\n";

    [Fact]
    public Task Exports() => FixesAsync(
        Attribute +
        """
        static class C
        {
            private const string Name = "kmain";

            // Why.
            [UnmanagedCallersOnly(EntryPoint = "kmain")]
            static void Main() { }

            [NoBlock, UnmanagedCallersOnly(EntryPoint = Name + "2")]
            private static int Second(int x) => x;
        }
        """,
        Attribute +
        """
        static class C
        {
            private const string Name = "kmain";

            // Why.
            [RuntimeExport("kmain")]
            static void Main() { }

            [NoBlock, RuntimeExport(Name + "2")]
            private static int Second(int x) => x;
        }
        """,
        "Atoll.Boot");

    [Fact]
    public Task Exports_ThePlaceWhereAProgramIsEntered() => FixesAsync(
        Attribute + "static class C { [UnmanagedCallersOnly(EntryPoint = \"atoll_program_main\")] static void Main() { } }",
        Attribute + "static class C { [RuntimeExport(\"atoll_program_main\")] static void Main() { } }",
        "Atoll.Services.Idle");

    [Theory]
    // No export is allowed there.
    [InlineData("Atoll.Ipc", "[UnmanagedCallersOnly(EntryPoint = \"a\")] static void F() { }")]
    [InlineData("Atoll.Services.Idle", "[UnmanagedCallersOnly(EntryPoint = \"a\")] static void F() { }")]
    // Nothing says the name, or the convention is another.
    [InlineData("Atoll.Boot", "[UnmanagedCallersOnly] static void F() { }")]
    [InlineData("Atoll.Boot", "[UnmanagedCallersOnly(EntryPoint = \"a\", CallConvs = [typeof(CallConvStdcall)])] static void F() { }")]
    // Others may point at it.
    [InlineData("Atoll.Boot", "[UnmanagedCallersOnly(EntryPoint = \"a\")] internal static void F() { }")]
    [InlineData("Atoll.Boot", "[UnmanagedCallersOnly(EntryPoint = \"a\")] static void F() { } static unsafe void* M() => (delegate* unmanaged<void>)&F;")]
    // Which method of Arch it would be, nobody knows.
    [InlineData("Atoll.Boot", "[DllImport(\"c\")] static extern int getpid();")]
    [InlineData("Atoll.Boot", "[MethodImpl(MethodImplOptions.InternalCall)] static extern void F();")]
    [InlineData("Atoll.Boot", "static unsafe void M(delegate* unmanaged<void> f) { }")]
    public Task IsNotOffered(string room, string members) =>
        IsNotOfferedAsync(Attribute + $"static class C {{ {members} }}", room);
}
