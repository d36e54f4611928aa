using System.Threading;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Coordinator;

/// <summary>Judges a run: what happened against what the boot parameters asked for.</summary>
public static class Conclusion
{
    /// <summary>Reports every pair and ends with a verdict.</summary>
    public static void Reach<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        ref TProfile profile = ref CoordinatorPages<TProfile>.ProfileOf(ref coordinator);
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

        if (coordinator.Failed != profile.FailuresExpected)
        {
            Verdict.Fail("start"u8);
        }

        if (coordinator.Died != profile.DeathsExpected)
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
