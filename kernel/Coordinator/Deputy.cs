using Atoll.Console;
using Atoll.Instance;

namespace Atoll.Coordinator;

/// <summary>The member that is the deputy, at work.</summary>
public static class Deputy
{
    private const byte QuitKey = (byte)'q';

    /// <summary>The coordinator has died.</summary>
    public static void CoordinatorDied(ref InstanceState state)
    {
        ref DeputyDuty duty = ref state.Deputy;
        if (!duty.IsDeputy || duty.HasConsole)
        {
            return;
        }

        duty.HasConsole = true;
        SerialConsole.Line("the coordinator is dead; this instance reports from now on"u8);
    }

    /// <summary>Reports, once this instance has shown that it goes on.</summary>
    /// <param name="state">The instance.</param>
    /// <param name="isWorkDone">Whether it has no work, or is at the end of it.</param>
    public static void Poll(ref InstanceState state, bool isWorkDone)
    {
        ref DeputyDuty duty = ref state.Deputy;
        if (!duty.HasConsole)
        {
            return;
        }

        if (!duty.HasReported && isWorkDone)
        {
            duty.HasReported = true;
            Report(in state);
        }

        if (Uart.TryRead(out byte key) && key == QuitKey)
        {
            Finish(in duty);
        }
    }

    private static void Report(in InstanceState state)
    {
        SurvivorReport.Write(state.Core, in state.Map.Status);
        if (state.Deputy.End == EndPolicy.Pass)
        {
            Finish(in state.Deputy);
        }
        else if (state.Deputy.End == EndPolicy.Hold)
        {
            SerialRecord.Begin("hold"u8);
            SerialRecord.End();
        }
    }

    private static void Finish(in DeputyDuty duty)
    {
        if (duty.ExpectsDeath)
        {
            Verdict.Pass();
        }
        else
        {
            Verdict.Fail("coordinator-died"u8);
        }
    }
}
