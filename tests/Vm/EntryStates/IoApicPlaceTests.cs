using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;
using Atoll.Vm.Tests.Machine;

namespace Atoll.Vm.Tests.EntryStates;

/// <summary>The I/O APIC is where the firmware's table says. Where that is among the addresses of devices, no program gets any of them.</summary>
/// <remarks>QEMU's own tables put it above them, so a ROM brings a table of its own. The suite tells what its core has got (test device.device-ends).</remarks>
[Collection(Processes.Collection)]
public sealed class IoApicPlaceTests
{
    private const string Image = "artifacts/atoll.elf";
    private const string Bundle = "artifacts/suite.bundle";
    private const int MemoryMiB = 128;
    private const uint BundleAt = 32 << 20;

    [Theory]
    [InlineData(0xFEC0_0000, "pass")]
    [InlineData(0xF000_0000, "fail")]
    public void DevicesMemory_IsGiven_WhereTheIoApicIsNotInIt(uint ioApic, string ends)
    {
        Environment.CurrentDirectory = SourceTree.Root();
        Assert.True(File.Exists(Image) && File.Exists(Bundle), $"{Image} or {Bundle} is missing: ./build.sh vm suite builds both");
        string rom = Path.Combine(Path.GetTempPath(), $"atoll-ioapic-{Guid.NewGuid():n}.rom");
        File.WriteAllBytes(rom, EntryRom.Build(
            EntryState.All[0], 1, MemoryMiB << 20, "end=never grant=16", ioApic, (BundleAt, (uint)new FileInfo(Bundle).Length)));
        try
        {
            VmOutcome outcome = VmMachine.Run(new VmSettings
            {
                ImagePath = Image,
                RomPath = rom,
                Devices = [$"loader,file={Bundle},addr={BundleAt},force-raw=on"],
                Cores = 1,
                MemoryMiB = MemoryMiB,
                Icount = true,
                TimeLimit = TimeSpan.FromSeconds(240),
            });

            SerialRecord? told = outcome.RecordsOf("test").FirstOrDefault(test => test["name"] == "device-ends");
            bool isAsSaid = told?["result"] == ends && (ends == "pass" || (told["step"] == "1" && told["actual"] == "0x0000000000000000"));
            Assert.True(isAsSaid, FailureReport.Write(outcome, [$"expected '{ends}': {told?.Line}"], SymbolMap.BesideImage(Image)));
        }
        finally
        {
            File.Delete(rom);
        }
    }
}
