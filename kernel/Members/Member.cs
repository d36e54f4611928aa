using System.Threading;
using Atoll.Arch;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Programs;
using Atoll.Root;

namespace Atoll.Members;

/// <summary>Any instance but the first.</summary>
public static class Member
{
    /// <summary>Runs on the instance's own page tables. Never returns.</summary>
    /// <param name="state">The block that the coordinator filled in.</param>
    public static void Run<TDuty>(ref InstanceState state)
        where TDuty : IDuty
    {
        ref InstanceStatus status = ref state.Map.Status;
        Volatile.Write(ref status.Life, LifeWord.Of(state.Incarnation, InstanceLifecycle.Booting));
        state.Apic = LocalApic.Enable();
        state.Protection = ControlRegisters.EnableProtection();
        Check.That(state.Apic.ReadId().Value == state.ApicId);

        DeviceMemory none = default;
        Check.That(ProgramStart.Begin(ref state, CoresOfMachine(in state), in none) == RootResult.Ready);
        LinkOffer offer = state.CoordinatorOffer;
        LinkTable.OpenMapped<TDuty>(ref state, LinkTable.ToCoordinator, in offer);
        Volatile.Write(ref status.BootTicks, Cpu.ReadTsc() - state.EntryTsc);
        Volatile.Write(ref status.Life, LifeWord.Of(state.Incarnation, InstanceLifecycle.Healthy));
        Live<TDuty>(ref state);
    }

    // Nothing in this instance's own memory depends on the others: whoever knows how many there are says it on its status page.
    private static uint CoresOfMachine(in InstanceState state) =>
        (uint)Volatile.Read(ref PeerMap.StatusAt(in state.Map, LinkTable.ToCoordinator).MachineCores);

    /// <summary>A member's life between programs. Never returns: programs come back by a new entry on an empty stack.</summary>
    [Blocks]
    public static void Live<TDuty>(ref InstanceState state)
        where TDuty : IDuty
    {
        ProgramLoop.Enter(ref state);
        while (true)
        {
            TurnResult result = EventLoop.Turn<TDuty>(ref state);
            ulong duty = state.Deputy.HasConsole ? Limits.LookMicroseconds : EventLoop.NoTimer;
            ProgramLoop.Rest<TDuty>(ref state, result, duty);
        }
    }
}
