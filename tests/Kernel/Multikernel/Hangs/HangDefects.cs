using Atoll.Kernel.Tests.Defects;

namespace Atoll.Kernel.Tests.Multikernel.Hangs;

/// <summary>Small wrong edits of what judges, fences and reclaims, each a race or an omission that a system of this kind has had.</summary>
public static class HangDefects
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedDefect> All { get; } =
    [
        new("a sleeper is judged without being rung", "Coordinator/Suspicion.cs", "return SuspicionAction.Ring;", "return SuspicionAction.Fence;"),
        new("a suspect is not rung", "Coordinator/Fencing.cs",
            "LinkRegistry.Ring(in state, in coordinator.Cores, core);", ""),
        new("whoever has answered stays a suspect", "Coordinator/Suspicion.cs", "            IsSuspect = false;\n", ""),
        new("nobody is judged while it says that it sleeps", "Coordinator/Suspicion.cs",
            "deadline * Limits.SleeperPatienceDeadlines", "ulong.MaxValue"),
        new("a hang is seen and nobody is fenced", "Coordinator/Fencing.cs", "            Fence(ref state, ref coordinator, core, MemberCause.Hang);\n", ""),
        new("the dead is not stopped", "Coordinator/CoreStarter.cs",
            "        state.Apic.SendInit(target);\n        ulong end", "        ulong end"),
        new("the death of the fenced is not written", "Coordinator/Fencing.cs",
            "Volatile.Write(ref status.Life, LifeWord.Of(entry.Incarnation, InstanceLifecycle.Fenced));", ""),
        new("the links of the dead stay", "Coordinator/Supervisor.cs", "        coordinator.Links.Died(ref coordinator.Pool, core);\n", ""),
        new("a restart does not wait for the peers", "Coordinator/Restarts.cs", " || coordinator.Links.Mentions(core)", ""),
        new("a death is told again and again", "Links/LinkTurn.cs", "        LinkTable.Release(ref state, position);\n        TDuty", "        TDuty"),
    ];
}
