using System.Threading;
using Atoll.Arch;

namespace Atoll.Boot;

/// <summary>What one member does when the coordinator dies: it takes the console over and reports that work goes on.</summary>
public struct DeputyDuty
{
    /// <summary>Turns of the event loop, after the death, that count as going on.</summary>
    public const ulong SurvivalTurns = 16;

    /// <summary>Whether this instance is the deputy.</summary>
    public bool IsDeputy;

    /// <summary>Whether a boot parameter asked for the coordinator's death, so that it is no failure.</summary>
    public bool ExpectsDeath;

    /// <summary>What the boot parameters want at the end.</summary>
    public EndPolicy End;

    private ulong _heartbeatAtDeath;
    private bool _hasConsole;
    private bool _hasReported;

    /// <summary>Looks whether the coordinator has died, and acts.</summary>
    public static unsafe void Poll(ref InstanceState state)
    {
        ref DeputyDuty duty = ref state.Deputy;
        if (!duty.IsDeputy)
        {
            return;
        }

        InstanceStatus* status = state.Map.Status;
        if (!duty._hasConsole)
        {
            InstanceStatus* coordinator = (InstanceStatus*)PeerMap.Address(in state.Map, PeerSlot.CoordinatorStatus);
            if (Volatile.Read(ref coordinator->State) == (ulong)InstanceLifecycle.Healthy)
            {
                return;
            }

            duty._hasConsole = true;
            duty._heartbeatAtDeath = status->Heartbeat;
            SerialConsole.Line("the coordinator is dead; this instance reports from now on"u8);
        }

        if (!duty._hasReported && state.Traffic.IsDone && status->Heartbeat >= duty._heartbeatAtDeath + SurvivalTurns)
        {
            duty._hasReported = true;
            duty.Report(in state);
        }

        if (duty._hasReported && Uart.TryRead(out byte key) && key == (byte)'q')
        {
            duty.Finish();
        }
    }

    private readonly unsafe void Report(in InstanceState state)
    {
        SurvivorReport.Write(state.Core, in *state.Map.Status);
        if (End == EndPolicy.Pass)
        {
            Finish();
        }
        else if (End == EndPolicy.Hold)
        {
            SerialRecord.Begin("hold"u8);
            SerialRecord.End();
        }
    }

    private readonly void Finish()
    {
        if (ExpectsDeath)
        {
            Verdict.Pass();
        }
        else
        {
            Verdict.Fail("coordinator-died"u8);
        }
    }
}
