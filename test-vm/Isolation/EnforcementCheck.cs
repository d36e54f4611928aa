namespace Atoll.TestVm.Isolation;

/// <summary>The CPU uses the instance's tables, and obeys them.</summary>
internal static class EnforcementCheck
{
    public static IEnumerable<Violation> Run(MachineView machine, InstanceSpace space)
    {
        CpuRegisters? cpu = machine.Cpus.FirstOrDefault(cpu => cpu.Index == space.Instance.ApicId);
        if (cpu is null)
        {
            yield return Broken(space, $"no CPU with APIC id {space.Instance.ApicId}");
            yield break;
        }

        ulong root = cpu.Cr3 & PageTableEntry.AddressMask;
        if (root != space.Space.Root && !space.Programs.Any(program => program.Root == root))
        {
            yield return Broken(space, $"CR3 is 0x{cpu.Cr3:x}, the instance's tables are at 0x{space.Space.Root:x}, and no program has these");
        }

        if (!cpu.EnforcesRights)
        {
            yield return Broken(space, $"CR0 0x{cpu.Cr0:x}, EFER 0x{cpu.Efer:x}: write protection or no-execute is off");
        }
    }

    private static Violation Broken(InstanceSpace space, string words) => new(IsolationRule.Enforcement, space.Core, words);
}
