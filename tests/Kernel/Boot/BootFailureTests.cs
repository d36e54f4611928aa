using Atoll.Arch;
using Atoll.Boot;
using Atoll.Coordinator;
using Atoll.Firmware;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Boot;

/// <summary>Every cause that ends a boot has its own line and word, and what is no failure ends none.</summary>
public sealed class BootFailureTests
{
    [Theory]
    [InlineData(FirmwareMapResult.NoStartInfo, "start info")]
    [InlineData(FirmwareMapResult.NoMemoryMap, "memory map is missing")]
    [InlineData(FirmwareMapResult.BadModuleList, "module list")]
    [InlineData(FirmwareMapResult.TooManyRanges, "too many pieces")]
    [InlineData(FirmwareMapResult.NoStartPage, "0x8000")]
    public void MemoryMap_NamesItsCause(FirmwareMapResult result, string cause) =>
        AssertEnds(() => TableFailure.Stop(result), cause, "memory-map");

    [Theory]
    [InlineData(AcpiResult.NoRsdp, "RSDP")]
    [InlineData(AcpiResult.BadRootTable, "root table")]
    [InlineData(AcpiResult.NoMadt, "no valid ACPI MADT")]
    [InlineData(AcpiResult.BadMadtEntry, "impossible length")]
    [InlineData(AcpiResult.BootCoreNotListed, "does not list the core that is running")]
    public void Acpi_NamesItsCause(AcpiResult result, string cause) => AssertEnds(() => TableFailure.Stop(result), cause, "acpi");

    [Theory]
    [InlineData(ParameterResult.NotAPair, "'words' is not of the form name=value")]
    [InlineData(ParameterResult.UnknownName, "'words' is unknown")]
    [InlineData(ParameterResult.BadValue, "'words' has a value that is malformed or out of range")]
    public void Parameter_NamesItsCauseAndTheWord(ParameterResult result, string cause) =>
        AssertEnds(() => TableFailure.Stop(result, "words"u8), cause, "boot-parameter");

    /// <summary>To stop for a success, or for a number that no result has, is a bug of the boot code: nothing is said.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void NoFailure_IsABug(byte number)
    {
        AssertBug(() => TableFailure.Stop((FirmwareMapResult)number));
        AssertBug(() => TableFailure.Stop((AcpiResult)number));
        AssertBug(() => TableFailure.Stop((ParameterResult)number, "words"u8));
    }

    /// <summary>The cases above are all members but the first, which is the success.</summary>
    [Fact]
    public void EveryFailure_HasACase()
    {
        Assert.Equal(6, Enum.GetValues<FirmwareMapResult>().Length);
        Assert.Equal(6, Enum.GetValues<AcpiResult>().Length);
        Assert.Equal(4, Enum.GetValues<ParameterResult>().Length);
    }

    private static void AssertEnds(Action stop, string cause, string reason)
    {
        var core = new SimulatedCore();
        using IDisposable scope = core.Use();

        Assert.Throws<ParkedException>(stop);

        string[] lines = core.Uart.Text.Split('\n');
        Assert.Equal([$"@verdict result=fail reason={reason}", ""], lines[1..]);
        Assert.StartsWith("atoll: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(cause, lines[0], StringComparison.Ordinal);
    }

    private static void AssertBug(Action stop)
    {
        var core = new SimulatedCore();
        using IDisposable scope = core.Use();

        Assert.Throws<CheckFailedException>(stop);
        Assert.Equal("", core.Uart.Text);
    }
}
