using System;
using Atoll.Console;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>Judges a run: what happened against what the boot parameters asked for.</summary>
public static class Conclusion
{
    /// <summary>Ends with a verdict.</summary>
    public static void Reach<TProfile>(ref InstanceState state, ref CoordinatorState coordinator)
        where TProfile : unmanaged, IProfile
    {
        ref TProfile profile = ref CoordinatorPages<TProfile>.ProfileOf(ref coordinator);
        ReadOnlySpan<byte> wrong = profile.Conclude(ref state, ref coordinator);
        if (coordinator.Failed != profile.FailuresExpected)
        {
            Verdict.Fail("start"u8);
        }

        if (coordinator.Died != profile.DeathsExpected)
        {
            Verdict.Fail("panic"u8);
        }

        if (wrong.Length != 0)
        {
            Verdict.Fail(wrong);
        }

        Verdict.Pass();
    }
}
