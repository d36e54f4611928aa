using Atoll.Abi;
using Atoll.Linker.Diagnostics;

namespace Atoll.Cli.Systems;

/// <summary>Whether Init has room for what was planned: grants, slots, memory.</summary>
internal sealed class LimitCheck(Checks checks)
{
    /// <summary>Of each grant of RAM: tables, records, the root CNode, Init's image, stack and tables of capabilities.</summary>
    private const ulong ReservedBytes = 512 * 1024;

    private const ulong BytesOfMiB = 1 << 20;
    private const ulong BytesPerEnd = 64 * 1024;

    /// <summary>Checks.</summary>
    public void Run(SystemPlan plan)
    {
        int grants = plan.Programs.Sum(program => program.RecordCount);
        if (grants > SystemHeader.GrantsMax)
        {
            checks.Report(
                DescriptionDiagnostics.TooMany, $"The programs get {grants} things, of at most {SystemHeader.GrantsMax}.", plan.Description.Place);
        }

        foreach (PlannedProgram program in plan.Programs.Where(program => program.RecordCount > ProgramInformation.GrantsMax))
        {
            checks.Report(
                DescriptionDiagnostics.TooMany,
                $"'{program.Description.Name}' gets {program.RecordCount} things, parts of many channels counted, of at most {ProgramInformation.GrantsMax}.",
                program.Description.Place);
        }

        foreach (PlannedProgram program in plan.Programs)
        {
            CheckProgram(program);
        }

        CheckEnds(plan);
        ulong regions = plan.Description.Regions.Aggregate(0UL, (sum, region) => sum + region.Bytes);
        ulong grant = (ulong)plan.Description.GrantMiB << 20;
        for (int core = 0; core < plan.Description.Cores; core++)
        {
            ulong programs = plan.Programs
                .Where(program => Checks.IsWhere(program.Description.Core.Value, core))
                .Aggregate(0UL, (sum, program) => sum + (1UL << program.MemoryBits));
            if (programs + regions + ReservedBytes > grant)
            {
                checks.Report(
                    DescriptionDiagnostics.GrantTooSmall,
                    $"On core {core} programs need {programs / 1024} KiB, regions {regions / 1024} and Init {ReservedBytes / 1024}: more than the grant of {grant / 1024}.",
                    plan.Description.Place);
                return;
            }
        }
    }

    // As the kernel reckons: an end for each piece of the grant, up to a limit of its own.
    private void CheckEnds(SystemPlan plan)
    {
        uint most = uint.Min(ProgramInformation.ManyChannelsMax, (uint)((ulong)plan.Description.GrantMiB * BytesOfMiB / BytesPerEnd));
        for (int core = 0; core < plan.Description.Cores; core++)
        {
            long ends = plan.Programs
                .Where(program => Checks.IsWhere(program.Description.Core.Value, core))
                .SelectMany(program => program.Grants)
                .Sum(grant => (long)grant.EndCount) + (plan.Stops is null ? 0 : 1);
            if (ends > most)
            {
                checks.Report(
                    DescriptionDiagnostics.TooMany,
                    $"On core {core} programs have {ends} ends of channels of rings, of at most {most}: one for each 64 KiB of the grant, and {ProgramInformation.ManyChannelsMax}.",
                    plan.Description.Place);
                return;
            }
        }
    }

    private void CheckProgram(PlannedProgram program)
    {
        if (program.Memory.ShelfSlots > ProgramMemory.ShelfSlotsMax)
        {
            checks.Report(
                DescriptionDiagnostics.TooMany,
                $"'{program.Description.Name}' has {program.Memory.ShelfSlots} pages, tables and lines, of at most {ProgramMemory.ShelfSlotsMax}.",
                program.Description.Place);
        }

        if (program.Memory.Bits > ProgramMemory.BitsMax)
        {
            checks.Report(
                DescriptionDiagnostics.TooMany,
                $"'{program.Description.Name}' needs {program.Memory.UsedBytes / 1024} KiB, of at most {1UL << (ProgramMemory.BitsMax - 10)}.",
                program.Description.Place);
        }

        if (program.Description.MemoryKib is { } memory && program.MemoryBits < program.Memory.Bits)
        {
            checks.Report(
                DescriptionDiagnostics.MemoryTooSmall,
                $"'{program.Description.Name}' gets {memory.Value} KiB, and needs {program.Memory.UsedBytes / 1024}, so {1UL << (program.Memory.Bits - 10)}.",
                memory.Place);
        }
    }
}
