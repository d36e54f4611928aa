using Atoll.TestVm.Scenarios;

namespace Atoll.Defects.Tests;

/// <summary>Defects of the program that drives the IOMMU, which a device must get through. The system is built with them; the kernel is sound.</summary>
internal static class IommuDefects
{
    private const string Tables = "services/Pci/Remapping/RemappingTables.cs";

    private static readonly VmShape s_one = new(1) { MemoryMiB = 128 };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Defect> All { get; } =
    [
        // Translation type 2: requests go through untranslated.
        new("the IOMMU lets devices through as they are", Tables,
            "_places[(int)First(driver)] | IsPresent)", "_places[(int)First(driver)] | IsPresent | 8)", "iommu", s_one) { IsInPrograms = true },
        new("the IOMMU maps the first memory for every device", Tables,
            "        _used[(int)driver] = 1;\n", "        _used[(int)driver] = 1;\n        Entry(First(driver), 0) = IsLarge | ReadAndWrite;\n", "iommu", s_one)
        {
            IsInPrograms = true,
        },
        new("a device that strays is not stopped", "services/Pci/PciServer.cs",
            "            TakeBack(index, driver);\n            DriverTable", "            DriverTable", "iommu", s_one)
        {
            Complaint = "that the driver has lost its device",
            IsInPrograms = true,
        },
    ];
}
