using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Analyzers.Trust;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>One instance owns the serial line (docs/decisions/0111): the kernel's own <c>Layers.txt</c> lets no other room name the console.</summary>
public sealed class ConsoleRoomsTests
{
    private const string Print =
        "using Atoll.Console; public static class Chatter { public static void Say() => SerialConsole.Line(\"here I am\"u8); }";

    private static readonly string[] s_mayPrint = ["Atoll.Boot", "Atoll.Console", "Atoll.Coordinator", "Atoll.Trap", "Atoll.Trials"];

    // The three that Arch shows its ports: the kernel's own file, over stubs.
    private const string PortStubs =
        """
        namespace Atoll.Arch;
        internal static class Stubs
        {
            public static byte In8(ushort port) => 0;
            public static ushort In16(ushort port) => 0;
            public static uint In32(ushort port) => 0;
            public static void Out8(ushort port, byte value) { }
            public static void Out16(ushort port, ushort value) { }
            public static void Out32(ushort port, uint value) { }
        }
        """;

    private static readonly string[] s_mayNamePorts = ["Atoll.Arch", "Atoll.Console", "Atoll.Syscall"];

    private static readonly TextFile s_layers = new("/kernel/Layers.txt", File.ReadAllText(Repository.PathOf("kernel", "Layers.txt")));

    /// <summary>All rooms of ring 0: what programs may use is written in other lines.</summary>
    public static TheoryData<string> Rooms =>
    [
        .. s_layers.GetText()!.ToString().Split('\n')
            .Where(line => line.StartsWith("Atoll.", StringComparison.Ordinal) && !line.StartsWith("Atoll.Services.", StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]),
    ];

    /// <summary>A member that prints, and everybody else who might.</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task RoomThatPrints_IsRefused_UnlessItsInstanceMayOwnTheLine(string room)
    {
        MetadataReference console = TestPlatform.DotNet.Compile(
            [CSharpSource.Parse("namespace Atoll.Console; public static class SerialConsole { public static void Line(System.ReadOnlySpan<byte> text) { } }")],
            "Atoll.Console").ToMetadataReference();
        Compilation printer = TestPlatform.DotNet.Compile([CSharpSource.Parse(Print)], room == "Atoll.Console" ? "Atoll.Boot" : room).AddReferences(console);

        ImmutableArray<Diagnostic> found =
            await RuleVerifier.RunAsync([new LayersKeptAnalyzer()], printer, isConcurrent: true, new AnalyzerOptions([s_layers]));

        Assert.Equal(
            !s_mayPrint.Contains(room),
            found.Any(finding => finding.GetMessage().Contains("may not use 'Atoll.Console'", StringComparison.Ordinal)));
    }

    /// <summary>The driver below the console is the console's: who may not print has no other way to the line but a port.</summary>
    [Fact]
    public void Driver_LiesInTheConsolesRoom() =>
        Assert.Equal(
            [Path.Combine("kernel", "Console", "Uart.cs")],
            Directory.EnumerateFiles(Repository.PathOf("kernel"), "*.cs", SearchOption.AllDirectories)
                .Where(file => File.ReadAllText(file).Contains("ImageLayout.SerialPort", StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(Repository.Root, file))
                .Order(StringComparer.Ordinal));

    /// <summary>A room that writes to the console's port by its number, and everybody else who might (docs/decisions/0160).</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public void RoomThatWritesToAPort_DoesNotCompile_UnlessPortsAreItsBusiness(string room)
    {
        SyntaxTree[] arch =
        [
            CSharpSource.Parse(File.ReadAllText(Repository.PathOf("kernel", "Arch.X64", "Port.cs")), "Port.cs"),
            CSharpSource.Parse(PortStubs, "Stubs.cs"),
        ];
        SyntaxTree writer = CSharpSource.Parse("public static class Chatter { public static void Say() => Atoll.Arch.Port.Write8(0x3F8, 33); }");
        Compilation printer = room == "Atoll.Arch"
            ? TestPlatform.Kernel.Compile([.. arch, writer], room)
            : TestPlatform.Kernel.Compile([writer], room)
                .AddReferences(TestPlatform.Kernel.Compile(arch, "Atoll.Arch").ToMetadataReference());

        string[] errors = [.. printer.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.Id)];

        Assert.Equal(s_mayNamePorts.Contains(room) ? [] : ["CS0122"], errors.Distinct());
    }
}
