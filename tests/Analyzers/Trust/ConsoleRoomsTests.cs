using System.Collections.Immutable;
using Atoll.Analyzers.Tests.Harness;
using Atoll.Analyzers.Trust;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>One instance owns the serial line (docs/decisions/0110): the kernel's own <c>Layers.txt</c> lets no other room name the console.</summary>
public sealed class ConsoleRoomsTests
{
    private const string Print =
        "using Atoll.Console; public static class Chatter { public static void Say() => SerialConsole.Line(\"here I am\"u8); }";

    private static readonly string[] s_mayPrint = ["Atoll.Boot", "Atoll.Console", "Atoll.Coordinator", "Atoll.Trap", "Atoll.Trials"];

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
}
