using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Symbols;
using Atoll.Vm.Tests.Machine;

namespace Atoll.Vm.Tests.EntryStates;

/// <summary>The product's image boots from whatever state a loader leaves: no boot hangs, none ends without a line, and every instance answers.</summary>
[Collection(Processes.Collection)]
public sealed class EntryStateTests
{
    private const string Image = "artifacts/atoll.elf";
    private const int Cores = 3;
    private const int MemoryMiB = 128;

    /// <summary>Rows of the matrix.</summary>
    public static TheoryData<string> Names => [.. EntryState.All.Select(state => state.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Image_BootsFrom(string name)
    {
        Environment.CurrentDirectory = SourceTree.Root();
        Assert.True(File.Exists(Image), $"{Image} is missing: ./build.sh image");
        EntryState state = EntryState.All.Single(state => state.Name == name);
        string rom = Path.Combine(Path.GetTempPath(), $"atoll-entry-{Guid.NewGuid():n}.rom");
        File.WriteAllBytes(rom, EntryRom.Build(state, Cores, MemoryMiB << 20, "end=pass"));
        try
        {
            VmOutcome outcome = VmMachine.Run(new VmSettings
            {
                ImagePath = Image,
                RomPath = rom,
                Cores = Cores,
                MemoryMiB = MemoryMiB,
                TimeLimit = ScenarioRun.BootLimit(Cores),
            });

            Assert.True(outcome.Passed, FailureReport.Write(outcome, [$"no pass from: {name}"], SymbolMap.BesideImage(Image)));
            Assert.Equal(Cores, outcome.RecordsOf("instance").Count);
        }
        finally
        {
            File.Delete(rom);
        }
    }
}
