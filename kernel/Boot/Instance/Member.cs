using System.Threading;
using Atoll.Arch;
using Atoll.Base;

namespace Atoll.Boot;

/// <summary>Any instance but the first.</summary>
public static class Member
{
    /// <summary>Position of the link to the coordinator, whose pages are mapped before the instance begins.</summary>
    public const uint CoordinatorLink = 0;

    /// <summary>Runs on the instance's own page tables. Never returns.</summary>
    /// <param name="state">The block that the coordinator filled in.</param>
    public static void Run(ref InstanceState state)
    {
        ref InstanceStatus status = ref state.Map.Status;
        Volatile.Write(ref status.Life, LifeWord.Of(state.Incarnation, InstanceLifecycle.Booting));
        state.Apic = LocalApic.Enable();
        state.Protection = ControlRegisters.EnableProtection();
        Check.That(state.Apic.ReadId().Value == state.ApicId);

        LinkOffer offer = state.CoordinatorOffer;
        LinkTable.OpenMapped(ref state, CoordinatorLink, in offer);
        Volatile.Write(ref status.BootTicks, Cpu.ReadTsc() - state.EntryTsc);
        Volatile.Write(ref status.Life, LifeWord.Of(state.Incarnation, InstanceLifecycle.Healthy));
        EventLoop.RunMember(ref state);
    }
}
