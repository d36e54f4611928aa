using System.Runtime;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Members;
using Atoll.Trap;

namespace Atoll.Boot;

/// <summary>Where trampolines enter C# (docs/image.md, "Symbols"). The only code that knows the addresses of an instance's pages.</summary>
public static unsafe class EntryPoints
{
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "InstanceBuilder maps the page, and the boot tables map a zeroed one there, before C# runs.")]
    private static ref InstanceState State => ref *(InstanceState*)ImageLayout.StatePage;

    [RuntimeExport("atoll_boot_main")]
    private static void BootMain(ulong startInfo, ulong entryTsc) => EarlyBoot.Run(ref State, startInfo, entryTsc);

    [RuntimeExport("atoll_instance_main")]
    private static void InstanceMain(ulong entryTsc)
    {
        ref InstanceState state = ref State;
        Check.That(state.SchemaVersion == InstanceState.SchemaVersionValue);
        state.EntryTsc = entryTsc;
        if (state.Role == InstanceRole.Coordinator)
        {
            CoordinatorInstance.Run<InstanceDuty>(ref state, ref CoordinatorState.Of(in state));
        }

        Member.Run<InstanceDuty>(ref state);
    }

    [InterruptHandler, InterruptSafe, NoPanic, NoBlock]
    [RuntimeExport("atoll_trap")]
    private static void Trap(ref readonly TrapFrame frame) => TrapHandler.Handle(ref State, in frame);
}
