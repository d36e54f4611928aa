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
    /// <summary>Walks every instance's tables.</summary>
    public IReadOnlyList<InstanceSpace> Walk() =>
        [.. Instances.Select(instance => new InstanceSpace(instance, PageTableWalker.Walk(Memory, instance.Tables)))];
}

/// <summary>An instance and what its tables map.</summary>
public sealed record InstanceSpace(InstanceReport Instance, AddressSpace Space)
{
    /// <summary>Core of the instance.</summary>
    public int Core => Instance.Core;
}
