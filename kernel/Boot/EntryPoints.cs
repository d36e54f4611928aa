using System.Runtime;
using Atoll.Abi;

namespace Atoll.Boot;

/// <summary>Where trampolines enter C# in the product's image (docs/image.md, "Symbols").</summary>
public static class EntryPoints
{
    [RuntimeExport("atoll_boot_main")]
    private static void BootMain(ulong startInfo, ulong entryTsc) => Entry.Boot<ProductProfile>(startInfo, entryTsc);

    [RuntimeExport("atoll_instance_main")]
    private static void InstanceMain(ulong entryTsc) => Entry.Instance<ProductProfile>(entryTsc);

    [InterruptHandler, InterruptSafe, NoPanic, NoBlock]
    [RuntimeExport("atoll_trap")]
    private static void Trap(ref readonly TrapFrame frame) => Entry.Trap(in frame);
}
