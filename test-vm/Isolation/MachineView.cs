using Atoll.TestVm.Guest;

namespace Atoll.TestVm.Isolation;

/// <summary>A stopped machine: what it says about itself, and what its memory and registers say.</summary>
/// <param name="Memory">All physical memory.</param>
/// <param name="Cpus">Control registers, by CPU index, which is the APIC id on QEMU's flat topology.</param>
/// <param name="Window">Virtual addresses of the image under test.</param>
/// <param name="Instances">Healthy instances.</param>
/// <param name="Links">Ring pages.</param>
/// <param name="PrivatePages">Private pages by purpose.</param>
public sealed record MachineView(
    PhysicalMemory Memory,
    IReadOnlyList<CpuRegisters> Cpus,
    InstanceWindow Window,
    IReadOnlyList<InstanceReport> Instances,
    IReadOnlyList<LinkReport> Links,
    IReadOnlyList<PrivatePageReport> PrivatePages)
{
    /// <summary>Walks every instance's tables, and those of its programs.</summary>
    public IReadOnlyList<InstanceSpace> Walk() => [.. Instances.Select(WalkOne)];

    private InstanceSpace WalkOne(InstanceReport instance)
    {
        AddressSpace space = PageTableWalker.Walk(Memory, instance.Tables);
        GrantRange grant = GrantRange.Of(space);
        InstanceRecords records = InstanceRecords.Find(Memory, space, grant);
        IReadOnlySet<ulong>? roots = records.Roots(Memory);

        // Tables that no record names and no processor uses are those of a program that has ended: its memory is nobody's yet.
        IReadOnlyList<AddressSpace> programs =
        [
            .. ProgramSpaces.Find(Memory, instance.Tables, grant)
                .Where(program => roots is null || roots.Contains(program.Root) || Cpus.Any(cpu => (cpu.Cr3 & PageTableEntry.AddressMask) == program.Root)),
        ];
        return new InstanceSpace(instance, space, grant, records, programs);
    }
}

/// <summary>An instance and what its tables map.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Space">What its own tables map.</param>
/// <param name="Grant">Its memory for programs.</param>
/// <param name="Records">Where its kernel keeps records.</param>
/// <param name="Programs">Address spaces of its programs.</param>
public sealed record InstanceSpace(
    InstanceReport Instance, AddressSpace Space, GrantRange Grant, InstanceRecords Records, IReadOnlyList<AddressSpace> Programs)
{
    /// <summary>Core of the instance.</summary>
    public int Core => Instance.Core;
}
