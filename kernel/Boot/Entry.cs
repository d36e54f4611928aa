using Atoll.Abi;
using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Members;
using Atoll.Trap;

namespace Atoll.Boot;

/// <summary>The entries of an image of any profile. The only code that knows the address of an instance's state.</summary>
public static unsafe class Entry
{
    [InterruptSafe, NoPanic, NoBlock]
    [Trusted(Safety = "InstanceBuilder maps the page, and the boot tables map a zeroed one there, before C# runs.")]
    private static ref InstanceState State => ref *(InstanceState*)ImageLayout.StatePage;

    /// <summary>The boot processor's first instruction of C#. Never returns.</summary>
    /// <param name="startInfo">Physical address from the loader. Untrusted.</param>
    /// <param name="entryTsc">TSC at the first instruction.</param>
    public static void Boot<TProfile>(ulong startInfo, ulong entryTsc)
        where TProfile : unmanaged, IProfile => EarlyBoot.Run<TProfile>(ref State, startInfo, entryTsc);

    /// <summary>An instance's first instruction of C#. Never returns.</summary>
    /// <param name="entryTsc">TSC at the core's first instruction.</param>
    public static void Instance<TProfile>(ulong entryTsc)
        where TProfile : unmanaged, IProfile
    {
        ref InstanceState state = ref State;
        Check.That(state.SchemaVersion == InstanceState.SchemaVersionValue);
        state.EntryTsc = entryTsc;
        if (state.Role == InstanceRole.Coordinator)
        {
            CoordinatorInstance.Run<TProfile>(ref state, ref CoordinatorState.Of(in state));
        }

        Member.Run<TProfile>(ref state);
    }

    /// <summary>An interrupt or exception.</summary>
    [InterruptSafe, NoPanic, NoBlock]
    public static void Trap(ref readonly TrapFrame frame) => TrapHandler.Handle(ref State, in frame);
}
