using System.Threading;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Trials;

namespace Atoll.Coordinator;

/// <summary>Judges a run: what happened against what the boot parameters asked for.</summary>
public static class Conclusion
{
    /// <summary>Reports every pair and ends with a verdict.</summary>
    public static void Reach(ref InstanceState state, ref CoordinatorState coordinator)
    {
        ref BootParameters parameters = ref coordinator.Parameters;
        uint expectedFailures = (parameters.StartNever.CorePlusOne != 0 ? 1u : 0) + (parameters.StartLate.CorePlusOne != 0 ? 1u : 0);
        uint expectedDeaths = (FaultKinds.IsLethal(parameters.Fault) ? 1u : 0) + coordinator.Kills.Done;
        bool hasErrors = false;
        for (uint core = 0; core < coordinator.Cores.Count; core++)
        {
            if (coordinator.Instances[(int)core].Lifecycle == InstanceLifecycle.Healthy)
            {
                ref InstanceStatus status = ref CoordinatorInstance.StatusOf(in state, core);
                if (!coordinator.Instances[(int)core].HasReported)
                {
                    InstanceReport.Ring(core, in status);
                }

                InstanceReport.Pairs(core, in status);
                hasErrors |= Volatile.Read(ref status.Errors) != 0;
            }
        }

        if (coordinator.Failed != expectedFailures)
        {
            Verdict.Fail("start"u8);
        }

        if (coordinator.Died != expectedDeaths)
        {
            Verdict.Fail("panic"u8);
        }

        if (hasErrors)
        {
            Verdict.Fail("ring-errors"u8);
        }

        Verdict.Pass();
    }
}
