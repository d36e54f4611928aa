using System.Diagnostics;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Symbols;

namespace Atoll.Bench;

/// <summary>What the kernel's operations cost a program, counted in guest instructions on one core, beside seL4's; and what an instance costs.</summary>
/// <remarks>
/// The program <c>services/Measure</c> is the first and only one. Always under an emulator that counts instructions: there the time-stamp counter is
/// their number.
/// </remarks>
public sealed class KernelBenchmark : Benchmark
{
    private const string ProgramProject = "services/Measure/Program/Measure.Program.csproj";
    private const string Program = "artifacts/measure/init.elf";
    private const string Linker = "artifacts/bin/linker/release/Atoll.Linker.dll";
    private const string Bundle = "artifacts/measure/measure.bundle";
    private const int MemoryMiB = 256;
    private const int BootCores = 4;

    /// <inheritdoc/>
    public override string Name => "kernel";

    /// <inheritdoc/>
    public override string Description => "instructions of the kernel's operations as a program sees them, with seL4's and the aims; bytes of objects";

    /// <inheritdoc/>
    public override bool NeedsTrialImage => false;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Projects => [ProgramProject];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        MakeBundle();
        VmOutcome outcome = VmMachine.Run(new VmSettings
        {
            ImagePath = setup.ImagePath,
            ModulePath = Bundle,
            MemoryMiB = MemoryMiB,
            Icount = true,
            BootParameters = "end=never",
            TimeLimit = ScenarioRun.BootLimit(1),
        });
        return outcome.Passed
            ? [.. KernelFigures.From(outcome.Records), .. BootBenchmark.MeasureOnce(setup with { Icount = true }, BootCores)]
            : throw new BenchmarkException(
                FailureReport.Write(outcome, ["the run to be measured failed"], SymbolMap.BesideImage(setup.ImagePath)));
    }

    private static void MakeBundle()
    {
        using Process linker = Process.Start("dotnet", ["exec", Linker, "bundle", Program, "--output", Bundle]);
        linker.WaitForExit();
        if (linker.ExitCode != 0)
        {
            throw new BenchmarkException($"{Bundle} could not be made of {Program}: the linker ended with {linker.ExitCode}");
        }
    }
}
